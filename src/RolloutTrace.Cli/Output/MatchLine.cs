using System.Globalization;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>A line in which something was found, cut so that it is to be seen.</summary>
internal static class MatchLine
{
    /// <summary>The texts before the match, of the match, and after it. The first gives way as far as the other two need it.</summary>
    public static (string Before, string Match, string After) Fit(SearchHit hit, int columns)
    {
        var before = hit.Text[..hit.MatchStart];
        var match = hit.Text.Substring(hit.MatchStart, hit.MatchLength);
        var after = hit.Text[(hit.MatchStart + hit.MatchLength)..];
        var all = TerminalText.Columns(hit.Text);
        if (all > columns)
        {
            // A third is left for what leads to the match, if there is more of it than fits.
            var ofBefore = Math.Max(columns / 3, columns - TerminalText.Columns(match + after));
            before = End(before, Math.Min(ofBefore, Math.Max(0, columns - TerminalText.Columns(match))));
        }

        return (before, match, after);
    }

    private static string End(string text, int columns)
    {
        var left = text.AsSpan();
        if (TerminalText.Columns(left) <= columns)
        {
            return text;
        }

        while (left.Length > 0 && TerminalText.Columns(left) > columns - 1)
        {
            left = left[StringInfo.GetNextTextElementLength(left)..];
        }

        return columns > 0 ? $"…{left}" : "";
    }
}
