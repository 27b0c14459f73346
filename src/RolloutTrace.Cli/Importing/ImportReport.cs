using RolloutTrace.Import;

namespace RolloutTrace.Cli;

/// <summary>Tells people what came of an import: paths on standard output, everything else on standard error.</summary>
internal static class ImportReport
{
    public static void Show(CommandConsole console, ImportResult result)
    {
        foreach (var rollout in result.Rollouts)
        {
            console.WritePath(rollout.Bundle);
            console.Tell($"{rollout.Format} {rollout.RolloutId}: {Counts(rollout)}{(rollout.HasEnded ? "" : "; stops in the middle of a turn")}");
        }

        foreach (var diagnostic in result.Diagnostics)
        {
            console.Tell(Of(diagnostic));
        }
    }

    private static string Counts(ImportedRollout rollout)
    {
        var threads = rollout.Threads > 1 ? $"{Wording.Of(rollout.Threads, "agent")}, " : "";
        return $"{threads}{Wording.Of(rollout.Turns, "turn")}, {Wording.Of(rollout.Requests, "request")}, {Wording.Of(rollout.ToolCalls, "tool call")}";
    }

    private static string Of(ImportDiagnostic diagnostic)
    {
        var severity = diagnostic.Severity == ImportSeverity.Error ? "error: " : "";
        var place = diagnostic.Line is { } line ? $"{diagnostic.File}: line {line}" : diagnostic.File;
        var others = diagnostic.Count > 1 ? $" (and {Wording.Of(diagnostic.Count - 1, "more line")})" : "";
        return diagnostic.Line is null ? $"{severity}{place}: {diagnostic.Message}{others}" : $"{severity}{place} {diagnostic.Message}{others}";
    }
}
