using System.Globalization;
using System.Text.RegularExpressions;

namespace RolloutTrace.Cli;

/// <summary>
/// Where a page begins: at an entry, at a place within its text, of a rollout. The rollout is named so that <c>last</c> means the same one on each page.
/// </summary>
internal sealed partial record ToolCursor(int Entry, int Within, string? Rollout)
{
    private const int MostMilliseconds = 1000;

    /// <summary>The cursor that a call gives, or the beginning.</summary>
    /// <exception cref="QueryException">It gives something else.</exception>
    public static ToolCursor Of(ToolArguments arguments)
    {
        if (arguments.Text(ToolParameter.Cursor) is not { } text)
        {
            return new ToolCursor(0, 0, null);
        }

        return Form().Match(text) is { Success: true } match
            && int.TryParse(match.Groups["entry"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
            && int.TryParse(match.Groups["within"] is { Success: true } place ? place.ValueSpan : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var within)
            ? new ToolCursor(entry, within, match.Groups["rollout"].Value)
            : throw None(text);
    }

    /// <summary>What is said of a text that is no cursor.</summary>
    public static QueryException None(string text) =>
        new($"'{Analysis.ItemText.Preview(text, 60)}' is no cursor that this tool gave; leave 'cursor' out to begin with the first page");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Entry}{(Within > 0 ? $":{Within}" : "")} {Rollout}");

    [GeneratedRegex("^(?<entry>[0-9]+)(:(?<within>[0-9]+))? (?<rollout>.+)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Form();
}
