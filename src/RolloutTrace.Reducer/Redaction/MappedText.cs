using System.Globalization;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>A text, and for each of its characters the place in a file that it was read from: one character there, or an escape of several.</summary>
internal sealed class MappedText
{
    private readonly int[]? starts;
    private readonly int[]? ends;
    private readonly int offset;

    /// <summary>A text that stands in the file as it is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="offset">The place of its first character.</param>
    public MappedText(string text, int offset)
    {
        Text = text;
        this.offset = offset;
    }

    private MappedText(string text, int[] starts, int[] ends)
    {
        Text = text;
        this.starts = starts;
        this.ends = ends;
    }

    public string Text { get; }

    /// <summary>A part of it.</summary>
    public MappedText Slice(int start, int length) => starts is null || ends is null
        ? new MappedText(Text.Substring(start, length), offset + start)
        : new MappedText(Text.Substring(start, length), starts[start..(start + length)], ends[start..(start + length)]);

    /// <summary>What it says where it is the inside of a JSON string: escapes resolved, others left as they are. Null if it has none.</summary>
    public MappedText? Unescaped()
    {
        if (!Text.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var text = new char[Text.Length];
        var newStarts = new int[Text.Length];
        var newEnds = new int[Text.Length];
        var count = 0;
        for (var i = 0; i < Text.Length; i++)
        {
            var length = ReadEscape(Text.AsSpan(i), out var character);
            text[count] = character;
            newStarts[count] = StartOf(i);
            newEnds[count++] = EndOf(i + length - 1);
            i += length - 1;
        }

        return count == Text.Length ? null : new MappedText(new string(text, 0, count), newStarts[..count], newEnds[..count]);
    }

    /// <summary>Where a part of it stands in the file: one place, or several if it was joined.</summary>
    public IEnumerable<(int Start, int End)> Places(int start, int end)
    {
        var (from, to) = (StartOf(start), EndOf(start));
        for (var i = start + 1; i < end; i++)
        {
            if (StartOf(i) != to)
            {
                yield return (from, to);
                from = StartOf(i);
            }

            to = EndOf(i);
        }

        yield return (from, to);
    }

    private static int ReadEscape(ReadOnlySpan<char> text, out char character)
    {
        character = text[0];
        if (character != '\\' || text.Length == 1)
        {
            return 1;
        }

        switch (text[1])
        {
            case 'u' when text.Length >= 6 && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                character = (char)code;
                return 6;
            case '"' or '\\' or '/':
                character = text[1];
                return 2;
            case 'b' or 'f' or 'n' or 'r' or 't':
                character = text[1] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', _ => '\t' };
                return 2;
            default:
                return 1;
        }
    }

    private int StartOf(int index) => starts?[index] ?? offset + index;

    private int EndOf(int index) => ends?[index] ?? offset + index + 1;
}
