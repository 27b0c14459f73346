using System.Buffers;
using System.Text.Encodings.Web;

namespace RolloutTrace.Payloads;

/// <summary>
/// Escapes as little as JSON allows, and half a surrogate pair as what it is, such as <c>\ud83d</c>. The library's own encoder
/// puts U+FFFD in its place, and then nobody can tell any more that a character was lost.
/// </summary>
internal sealed class HalfSurrogateEncoder : JavaScriptEncoder
{
    private const int EscapeLength = 6;

    private static readonly JavaScriptEncoder Inner = UnsafeRelaxedJsonEscaping;

    public override int MaxOutputCharactersPerInputCharacter => Inner.MaxOutputCharactersPerInputCharacter;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) => Inner.FindFirstCharacterToEncode(text, textLength);

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => Inner.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        Inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override bool WillEncode(int unicodeScalar) => Inner.WillEncode(unicodeScalar);

    public override OperationStatus EncodeUtf8(ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        Inner.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    public override OperationStatus Encode(ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        charsConsumed = 0;
        charsWritten = 0;
        while (true)
        {
            var half = FindHalf(source[charsConsumed..]);
            if (!isFinalBlock && half == source.Length - charsConsumed - 1 && char.IsHighSurrogate(source[^1]))
            {
                // The other half may come in the next block.
                half = -1;
            }

            var sound = half < 0 ? source[charsConsumed..] : source.Slice(charsConsumed, half);
            var status = Inner.Encode(sound, destination[charsWritten..], out var consumed, out var written, isFinalBlock);
            charsConsumed += consumed;
            charsWritten += written;
            if (half < 0 || status != OperationStatus.Done)
            {
                return status;
            }

            if (destination.Length - charsWritten < EscapeLength)
            {
                return OperationStatus.DestinationTooSmall;
            }

            "\\u".CopyTo(destination[charsWritten..]);
            ((int)source[charsConsumed]).TryFormat(destination[(charsWritten + 2)..], out _, "x4");
            charsWritten += EscapeLength;
            charsConsumed++;
        }
    }

    /// <summary>Where the first half of a surrogate pair without the other is; -1 if there is none.</summary>
    internal static int FindHalf(ReadOnlySpan<char> text)
    {
        for (var i = 0; ; i += 2)
        {
            var next = text[i..].IndexOfAnyInRange('\ud800', '\udfff');
            if (next < 0)
            {
                return -1;
            }

            i += next;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return i;
            }
        }
    }
}
