namespace RolloutTrace.Analysis;

/// <summary>Why something failed or was given up, as whole as it was recorded. <see cref="OutlineNode.Error"/> has the beginning, on one line.</summary>
public static class RolloutFailures
{
    /// <summary>The words of whoever knew: the provider, the tool, or a command by its exit code and the last lines that it printed.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="kind">What it is: a request, a compaction's request, a tool call, a code cell or a terminal operation.</param>
    /// <param name="id">Its id.</param>
    /// <returns>Null where nothing failed, where nobody says why, and of other kinds.</returns>
    public static string? Of(OpenRollout rollout, OutlineKind kind, string id)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(id);
        var (graph, failures) = (rollout.Graph, rollout.Failures);
        return kind switch
        {
            OutlineKind.Request => graph.InferenceCalls.TryGetValue(id, out var request) ? failures.Of(request) : null,
            OutlineKind.CompactionRequest => graph.CompactionRequests.TryGetValue(id, out var request) ? failures.Of(request) : null,
            OutlineKind.ToolCall => graph.ToolCalls.TryGetValue(id, out var tool) ? failures.Of(tool) : null,
            OutlineKind.CodeCell => graph.CodeCells.TryGetValue(id, out var cell) ? failures.Of(cell) : null,
            OutlineKind.TerminalOperation => graph.TerminalOperations.TryGetValue(id, out var operation) ? Payloads.FailureWords.Of(operation) : null,
            _ => null,
        };
    }
}
