namespace RolloutTrace.Reducer.Conversation;

/// <summary>Compares JSON texts whatever white space stands between their tokens: programs write a history compact in one request and indented in the next.</summary>
internal static class SpacedJson
{
    /// <summary>Whether two texts are the same, white space between tokens aside. What is the same as sound JSON is sound itself.</summary>
    /// <param name="sound">JSON that is known to be sound.</param>
    /// <param name="other">Any bytes.</param>
    public static bool IsSame(ReadOnlySpan<byte> sound, ReadOnlySpan<byte> other)
    {
        var (at, from) = (0, 0);
        var before = (byte)',';
        while (true)
        {
            at = SkipSpace(sound, at);
            var start = SkipSpace(other, from);
            if (at == sound.Length || start == other.Length)
            {
                return at == sound.Length && start == other.Length;
            }

            // In the middle of a number or a word it is no space between tokens.
            if (sound[at] != other[start] || (start > from && !IsMark(before) && !IsMark(other[start])))
            {
                return false;
            }

            from = start + 1;
            before = sound[at++];
            if (before == (byte)'"')
            {
                var length = LengthOfText(sound[at..]);
                if (!other[from..].StartsWith(sound.Slice(at, length)))
                {
                    return false;
                }

                (at, from) = (at + length, from + length);
            }
        }
    }

    // Of a string behind its first quote, the last one included.
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            at += text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (text[at] == (byte)'"')
            {
                return at + 1;
            }

            at += 2;
        }
    }

    private static bool IsMark(byte one) => one is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)'"';

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        if (at < text.Length && text[at] <= (byte)' ')
        {
            var found = text[at..].IndexOfAnyExcept(" \t\r\n"u8);
            return found < 0 ? text.Length : at + found;
        }

        return at;
    }
}
