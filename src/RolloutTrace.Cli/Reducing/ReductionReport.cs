using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>Tells people what became of each bundle: the path written on standard output, what is wrong on standard error.</summary>
internal static class ReductionReport
{
    /// <summary>Diagnostics shown of one bundle; a broken bundle of a long rollout can have thousands.</summary>
    public const int MaxDiagnosticsShown = 20;

    /// <param name="outcome">What became of it.</param>
    /// <param name="console">Where to tell.</param>
    /// <param name="withCounts">Whether to say how much its state holds.</param>
    public static void Write(ReductionOutcome outcome, CommandConsole console, bool withCounts)
    {
        if (outcome.Error is not null)
        {
            console.Tell($"error: {outcome.Error}");
            return;
        }

        var log = Path.Join(outcome.Bundle, BundleLayout.EventLogFileName);
        for (var i = 0; i < outcome.Diagnostics.Count && i < MaxDiagnosticsShown; i++)
        {
            console.Tell(Describe(log, outcome.Diagnostics[i]));
        }

        if (outcome.Diagnostics.Count > MaxDiagnosticsShown)
        {
            console.Tell($"{log}: {Wording.Count(CommandConsole.CountOf(outcome.Diagnostics.Skip(MaxDiagnosticsShown)))} more; {(withCounts ? "--format json has all" : "all are in the state's \"diagnostics\"")}");
        }

        if (outcome.State is not null)
        {
            console.WritePath(outcome.State);
        }

        if (withCounts && outcome.Counts is { } counts)
        {
            // A line to read, and no path for a program to take.
            console.WriteLine($"{outcome.Bundle}: {Describe(counts)}");
        }
    }

    private static string Describe(ReductionCounts counts) => string.Join(
        ", ",
        Wording.Of(counts.Threads, "agent"),
        Wording.Of(counts.CodexTurns, "turn"),
        Wording.Of(counts.InferenceCalls, "request"),
        Wording.Of(counts.ToolCalls, "tool call"),
        Wording.Of(counts.CodeCells, "code cell"),
        Wording.Of(counts.Compactions, "compaction"),
        Wording.Of(counts.ConversationItems, "item"),
        Wording.Of(counts.InteractionEdges, "edge"));

    // The form in which compilers point to a line, which editors and terminals make clickable.
    private static string Describe(string log, ReductionDiagnostic diagnostic)
    {
        var severity = diagnostic.Severity.ToString().ToLowerInvariant();
        var seq = diagnostic.Seq is { } number ? $"seq {number}: " : "";
        return $"{log}:{diagnostic.Line}: {severity} {diagnostic.Code}: {seq}{diagnostic.Message}";
    }
}
