using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// As <see cref="SoundJsonSequence"/>, for documents of which others know what they begin with as the one before: it keeps none of them. Not safe for
/// concurrent use.
/// </summary>
public sealed class SoundJsonSuccession
{
    private readonly SoundJsonMarks marks = new();
    private JsonReaderState state;
    private int position;
    private int known;
    private int sound;

    /// <summary>A document comes.</summary>
    /// <param name="same">How many bytes it begins with as the one before; what was known of that is used, and no more.</param>
    /// <returns>From where on it has to be looked at, at most <paramref name="same"/>.</returns>
    public int Begin(int same)
    {
        known = Math.Min(same, sound);
        (position, state) = marks.BackTo(known);
        sound = known;
        return position;
    }

    /// <summary>Looks at the document as <see cref="SoundJson.Mend(Span{byte}, out int)"/> does.</summary>
    /// <param name="rest">The document from where <see cref="Begin"/> said; it may have been changed also where it turns out not to be sound.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    /// <returns>Whether it is UTF-8.</returns>
    /// <exception cref="JsonException">It is not one JSON value, or is deeper than <see cref="Bundle.BundleReaderOptions.MaxDepth"/>.</exception>
    public bool Mend(Span<byte> rest, out int halves)
    {
        halves = 0;
        var isSound = false;
        try
        {
            isSound = SoundJson.Mend(rest, state, marks, out halves);
            return isSound;
        }
        finally
        {
            // Known of the next is only what was sound as it came.
            if (isSound && halves == 0)
            {
                sound = position + rest.Length;
            }
            else
            {
                marks.BackTo(known);
            }
        }
    }
}
