using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>
/// Prints overviews. Where there is room, one line a bundle: when and what, how much, the user's first words, and what to give to other
/// commands. Else a few lines.
/// </summary>
internal static class OverviewPrinter
{
    private const int FewestWords = 20;
    private const int StatusColumns = 9;

    // Columns of a line without the words and the name.
    private const int FixedColumns = 83;

    public static void Print(IReadOnlyList<BundleOverview> overviews, Screen screen, RolloutRoot root)
    {
        var ids = overviews.CountBy(static overview => ShortId.Of(overview.RolloutId), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        // The shortest that other commands take for each.
        var names = overviews.Select(overview => ids[ShortId.Of(overview.RolloutId)] == 1 && root.Holds(overview.Bundle) ? ShortId.Of(overview.RolloutId) : overview.Bundle).ToList();
        var room = screen.Width - FixedColumns - names.Select(static name => TerminalText.Columns(TerminalText.OneLine(name))).DefaultIfEmpty().Max() - 2;
        if (room < FewestWords)
        {
            foreach (var overview in overviews)
            {
                PrintLines(overview, screen);
            }

            return;
        }

        if (overviews.Count > 0)
        {
            screen.Line(new Segment($"{"STARTED (UTC)",-19}  {"DURATION",10}  {"STATUS",-StatusColumns}  {"REQUESTS",8} {"CALLS",6} {"TOKENS IN",11} {"SIZE",9}  {Pad("FIRST WORDS", room)}  ROLLOUT", Emphasis.Faint));
        }

        for (var i = 0; i < overviews.Count; i++)
        {
            PrintLine(overviews[i], names[i], room, screen);
        }
    }

    private static void PrintLine(BundleOverview overview, string name, int room, Screen screen) => screen.Line(
        new Segment(Wording.Time(overview.StartedAtUnixMs), Emphasis.Title),
        $"  {DurationOf(overview),10}  ",
        Pad(OutlinePrinter.Status(KindName.Of(overview.Status)), StatusColumns),
        $"  {Wording.Count(overview.Requests),8} {Wording.Count(overview.ToolCalls),6} {(overview.Usage is { } usage ? Wording.Count(usage.InputTokens) : ""),11} {Wording.Size(overview.Bytes),9}  ",
        Pad(string.Join(" ", new[] { Belongs(overview), overview.FirstUserMessage }.OfType<string>()), room),
        $"  {name}");

    private static void PrintLines(BundleOverview overview, Screen screen)
    {
        screen.Line(
            new Segment(Wording.Time(overview.StartedAtUnixMs), Emphasis.Title),
            $"  {DurationOf(overview),10}  ",
            Pad(OutlinePrinter.Status(KindName.Of(overview.Status)), StatusColumns),
            $"  {Wording.Size(overview.Bytes),8}  {string.Join(", ", overview.Models)}");
        if (overview.FirstUserMessage is { } words)
        {
            screen.Line($"    {words}");
        }

        screen.Line(
            $"    {Wording.Of(overview.Agents.Count, "agent")}, {Wording.Of(overview.Turns, "turn")}, {Wording.Of(overview.Requests, "request")}, ",
            Wording.Of(overview.ToolCalls, "tool call"));
        if (Belongs(overview) is { } belongs)
        {
            screen.Line(new Segment($"    {belongs}", Emphasis.Faint));
        }

        if (overview.StatusEvidence is not null)
        {
            screen.Line(new Segment($"    {overview.StatusEvidence}", Emphasis.Faint));
        }

        if (overview.Usage is not null)
        {
            screen.Line($"    tokens: {Wording.Tokens(overview.Usage)}");
        }

        screen.Uncut("    " + overview.Bundle);
    }

    // What it belongs to, which 'join' puts together.
    private static string? Belongs(BundleOverview overview) => overview switch
    {
        { Caller.RolloutId: { } rollout } => $"(called by {ShortId.Of(rollout)})",
        { Caller: not null } => "(called by another process)",
        { ResumedFrom: { } before } => $"(goes on from {ShortId.Of(before.TraceId)})",
        _ => null,
    };

    private static string DurationOf(BundleOverview overview) =>
        overview.LastEventAtUnixMs is { } last ? Wording.Between(overview.StartedAtUnixMs, last) : "";

    private static Segment Pad(Segment segment, int width) => segment with { Text = segment.Text.PadRight(width) };

    private static string Pad(string text, int columns)
    {
        var cut = TerminalText.Cut(TerminalText.OneLine(text), columns);
        return cut + new string(' ', columns - TerminalText.Columns(cut));
    }
}
