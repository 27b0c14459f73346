using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Looks at one document after the other as <see cref="SoundJson"/> does. What a document begins with as the one before it did is compared with that and
/// not parsed again, so a history that is sent again and again costs what is new in it. It keeps a copy of the last
/// document. Not safe for concurrent use.
/// </summary>
public sealed class SoundJsonSequence
{
    private SoundJsonSuccession known = new();
    private byte[] last = [];
    private int length;

    /// <summary>The memory that it keeps, in bytes.</summary>
    public int KeptBytes => last.Length;

    /// <summary>As <see cref="SoundJson.Mend(Span{byte}, out int)"/>, with the same result for any document, whichever came before it.</summary>
    /// <param name="document">The document; it may have been changed also where it turns out not to be sound.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    /// <returns>Whether it is UTF-8.</returns>
    /// <exception cref="JsonException">It is not one JSON value, or is deeper than <see cref="Bundle.BundleReaderOptions.MaxDepth"/>.</exception>
    public bool Mend(Span<byte> document, out int halves)
    {
        length = document.CommonPrefixLength(last.AsSpan(0, length));
        var isSound = known.Mend(document[known.Begin(length)..], out halves);

        // What was mended is not what came.
        if (isSound && halves == 0)
        {
            Keep(document);
        }

        return isSound;
    }

    /// <summary>Forgets the last document and gives its memory back.</summary>
    public void Clear()
    {
        known = new SoundJsonSuccession();
        last = [];
        length = 0;
    }

    // It is about to grow, so there is room for some more.
    private void Keep(ReadOnlySpan<byte> document)
    {
        if (last.Length < document.Length || last.Length / 4 > document.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, document.Length + ((long)document.Length / 4)));
            last.AsSpan(0, length).CopyTo(larger);
            last = larger;
        }

        document[length..].CopyTo(last.AsSpan(length));
        length = document.Length;
    }
}
