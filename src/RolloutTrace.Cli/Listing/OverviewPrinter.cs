using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Prints overviews, a few lines a bundle: when and what, how much, and the directory to give to other commands.</summary>
internal static class OverviewPrinter
{
    public static void Print(IReadOnlyList<BundleOverview> overviews, Screen screen)
    {
        foreach (var overview in overviews)
        {
            var duration = overview.LastEventAtUnixMs is { } last ? Wording.Between(overview.StartedAtUnixMs, last) : "";
            screen.Line(
                new Segment(Wording.Time(overview.StartedAtUnixMs), Emphasis.Title),
                $"  {duration,10}  ",
                Pad(OutlinePrinter.Status(KindName.Of(overview.Status)), 9),
                $"  {Wording.Size(overview.Bytes),8}  {string.Join(", ", overview.Models)}");
            screen.Line(
                $"    {Wording.Of(overview.Agents.Count, "agent")}, {Wording.Of(overview.Turns, "turn")}, {Wording.Of(overview.Requests, "request")}, ",
                Wording.Of(overview.ToolCalls, "tool call"));
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
    }

    private static Segment Pad(Segment segment, int width) => segment with { Text = segment.Text.PadRight(width) };
}
