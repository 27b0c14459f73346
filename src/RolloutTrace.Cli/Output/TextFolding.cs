using System.Text;

namespace RolloutTrace.Cli;

/// <summary>Folds lines that are wider than a terminal.</summary>
internal static class TextFolding
{
    private const int TabStop = 8;

    /// <summary>The line with spaces up to the next tab stop for each tab.</summary>
    public static string WithoutTabs(string line)
    {
        if (!line.Contains('\t'))
        {
            return line;
        }

        var text = new StringBuilder();
        var columns = 0;
        foreach (var (index, piece) in line.Split('\t').Index())
        {
            var spaces = index == 0 ? 0 : TabStop - (columns % TabStop);
            text.Append(' ', spaces).Append(piece);
            columns += spaces + TerminalText.Columns(piece);
        }

        return text.ToString();
    }

    /// <summary>
    /// The line in pieces that are not wider than that, which are the line again when put together: folded after the last space of
    /// a piece if it stands in the piece's second half, as in prose, else wherever it is full, as in code and data.
    /// </summary>
    public static IEnumerable<string> Fold(string line, int columns)
    {
        for (var start = 0; ;)
        {
            var length = TerminalText.Fitting(line.AsSpan(start), columns);
            if (start + length == line.Length)
            {
                yield return line[start..];
                yield break;
            }

            var space = line.LastIndexOf(' ', start + length - 1, length);
            if (space + 1 > start + (length / 2))
            {
                length = space + 1 - start;
            }

            yield return line.Substring(start, length);
            start += length;
        }
    }
}
