using System.Buffers;
using System.Globalization;
using System.Text;
using Wcwidth;

namespace RolloutTrace.Cli;

/// <summary>
/// Text as a terminal shows it: how many columns it takes, where it may be cut, and what in it a terminal must not get. Texts
/// come from strangers' bundles, and a terminal obeys what is written to it.
/// </summary>
internal static class TerminalText
{
    /// <summary>Stands for what is not shown.</summary>
    public const char Replacement = '�';

    private const string Ellipsis = "…";

    // Asks for the picture of the character before it, which takes two columns.
    private const int EmojiPresentation = 0xFE0F;

    // Control characters are commands to a terminal. Line separators, and what turns the direction of all text behind it, would
    // show another line than the one that is there.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21))
            .Concat(Enumerable.Range(0x2028, 7))
            .Concat(Enumerable.Range(0x2066, 10))
            .Select(static c => (char)c),
    ]);

    /// <summary>Text on one line that a terminal only shows: white space in it becomes spaces, other control characters the replacement character.</summary>
    public static string OneLine(string text) => text.AsSpan().ContainsAny(Unsafe)
        ? string.Create(text.Length, text, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = !Unsafe.Contains(source[i]) ? source[i] : char.IsWhiteSpace(source[i]) ? ' ' : Replacement;
            }
        })
        : text;

    /// <summary>The same of each line of a text, with its line feeds and tabs as they are.</summary>
    public static string Lines(string text) => string.Join('\n', text.Split('\n').Select(static line => string.Join('\t', line.Split('\t').Select(OneLine))));

    /// <summary>The columns of text on one line. Where terminals differ over characters that join, the most that one takes.</summary>
    public static int Columns(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
        {
            return text.Length;
        }

        var columns = 0;
        for (var length = 0; text.Length > 0; text = text[length..])
        {
            length = StringInfo.GetNextTextElementLength(text);
            columns += ColumnsOfCluster(text[..length]);
        }

        return columns;
    }

    /// <summary>The text if it is not wider than that, else its beginning with an ellipsis. What a reader takes for one character is not cut.</summary>
    public static string Cut(string text, int columns)
    {
        if (columns <= 0)
        {
            return "";
        }

        return FittingClusters(text, columns) == text.Length ? text : string.Concat(text.AsSpan(0, FittingClusters(text, columns - 1)), Ellipsis);
    }

    /// <summary>The text in pieces that are not wider than that.</summary>
    public static IEnumerable<string> Pieces(string text, int columns)
    {
        var start = 0;
        do
        {
            var length = Fitting(text.AsSpan(start), columns);
            yield return text.Substring(start, length);
            start += length;
        }
        while (start < text.Length);
    }

    /// <summary>
    /// The length of the longest beginning that is not wider than that, one at least. What a reader takes for one character is not
    /// cut, except one that is alone too wide, which no writing has, but a stranger's text may.
    /// </summary>
    public static int Fitting(ReadOnlySpan<char> text, int columns) => FittingClusters(text, columns) switch
    {
        0 when text.Length > 0 => FittingPart(text[..StringInfo.GetNextTextElementLength(text)], columns),
        var length => length,
    };

    private static int FittingClusters(ReadOnlySpan<char> text, int columns)
    {
        var fitting = 0;
        while (fitting < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text[fitting..]);
            columns -= ColumnsOfCluster(text.Slice(fitting, length));
            if (columns < 0)
            {
                break;
            }

            fitting += length;
        }

        return fitting;
    }

    // One rune at least, so that whoever goes on behind it comes to an end.
    private static int FittingPart(ReadOnlySpan<char> cluster, int columns)
    {
        var fitting = 0;
        foreach (var rune in cluster.EnumerateRunes())
        {
            columns -= ColumnsOf(rune);
            if (columns < 0 && fitting > 0)
            {
                break;
            }

            fitting += rune.Utf16SequenceLength;
        }

        return fitting;
    }

    private static int ColumnsOfCluster(ReadOnlySpan<char> cluster)
    {
        if (cluster is [>= ' ' and <= '~'])
        {
            return 1;
        }

        var columns = 0;
        foreach (var rune in cluster.EnumerateRunes())
        {
            columns = rune.Value == EmojiPresentation ? Math.Max(columns, 2) : columns + ColumnsOf(rune);
        }

        return columns;
    }

    private static int ColumnsOf(Rune rune) => Math.Max(0, UnicodeCalculator.GetWidth(rune));
}
