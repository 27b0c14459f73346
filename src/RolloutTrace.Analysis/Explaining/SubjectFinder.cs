using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Finds what an id means.</summary>
internal static class SubjectFinder
{
    private const int ShortestPart = 4;

    /// <summary>The names that hold a part, in the order of the state, each once; none for a part that is too short to mean one.</summary>
    public static IEnumerable<string> NamesWith(RolloutGraph graph, string part) => part.Length < ShortestPart
        ? []
        : Names(graph).Select(static entry => entry.Name).Where(name => name.Contains(part, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);

    public static IReadOnlyList<Subject> Find(RolloutGraph graph, string id)
    {
        var exact = new List<Subject>();
        var partial = new List<Subject>();
        foreach (var (subject, name) in Names(graph))
        {
            if (string.Equals(name, id, StringComparison.Ordinal))
            {
                AddOnce(exact, subject);
            }
            else if (id.Length >= ShortestPart && name.Contains(id, StringComparison.Ordinal))
            {
                AddOnce(partial, subject);
            }
        }

        if (exact.Count > 0)
        {
            // A call id is that of the call, the tool call and the cell: the thing that ran tells of the items.
            var ran = exact.FindAll(static subject => subject.Kind != SubjectKind.Item);
            return ran.Count > 0 ? ran : exact;
        }

        return partial.Count == 1 ? partial : [];
    }

    private static void AddOnce(List<Subject> subjects, Subject subject)
    {
        if (!subjects.Contains(subject))
        {
            subjects.Add(subject);
        }
    }

    private static IEnumerable<(Subject Subject, string Name)> Names(RolloutGraph graph)
    {
        foreach (var thread in graph.Threads.Values)
        {
            var subject = new Subject(SubjectKind.Thread, thread.ThreadId);
            yield return (subject, thread.ThreadId);
            yield return (subject, thread.AgentPath);
            yield return (subject, Span(thread.Otel));
        }

        foreach (var turn in graph.CodexTurns.Values)
        {
            yield return (new Subject(SubjectKind.Turn, turn.CodexTurnId), turn.CodexTurnId);
            yield return (new Subject(SubjectKind.Turn, turn.CodexTurnId), Span(turn.Otel));
        }

        foreach (var call in graph.InferenceCalls.Values)
        {
            var subject = new Subject(SubjectKind.Request, call.InferenceCallId);
            yield return (subject, call.InferenceCallId);
            yield return (subject, call.ResponseId ?? "");
            yield return (subject, call.UpstreamRequestId ?? "");
            yield return (subject, Span(call.Otel));
        }

        foreach (var tool in graph.ToolCalls.Values)
        {
            var subject = new Subject(SubjectKind.ToolCall, tool.ToolCallId);
            yield return (subject, tool.ToolCallId);
            yield return (subject, tool.ModelVisibleCallId ?? "");
            yield return (subject, tool.McpCallId ?? "");
            yield return (subject, tool.CodeModeRuntimeToolId ?? "");
            yield return (subject, Span(tool.Otel));
        }

        foreach (var cell in graph.CodeCells.Values)
        {
            var subject = new Subject(SubjectKind.CodeCell, cell.CodeCellId);
            yield return (subject, cell.CodeCellId);
            yield return (subject, cell.ModelVisibleCallId);
            yield return (subject, Span(cell.Otel));
        }

        foreach (var item in graph.ConversationItems.Values)
        {
            yield return (new Subject(SubjectKind.Item, item.ItemId), item.ItemId);
            yield return (new Subject(SubjectKind.Item, item.ItemId), item.CallId ?? "");
        }

        foreach (var id in graph.TerminalSessions.Keys)
        {
            yield return (new Subject(SubjectKind.Terminal, id), id);
        }

        foreach (var operation in graph.TerminalOperations.Values)
        {
            yield return (new Subject(SubjectKind.TerminalOperation, operation.OperationId), operation.OperationId);
            yield return (new Subject(SubjectKind.TerminalOperation, operation.OperationId), Span(operation.Otel));
        }

        foreach (var compaction in graph.Compactions.Values)
        {
            yield return (new Subject(SubjectKind.Compaction, compaction.CompactionId), compaction.CompactionId);
            yield return (new Subject(SubjectKind.Compaction, compaction.CompactionId), Span(compaction.Otel));
        }

        foreach (var request in graph.CompactionRequests.Values)
        {
            yield return (new Subject(SubjectKind.CompactionRequest, request.CompactionRequestId), request.CompactionRequestId);
            yield return (new Subject(SubjectKind.CompactionRequest, request.CompactionRequestId), Span(request.Otel));
        }

        foreach (var id in graph.InteractionEdges.Keys)
        {
            yield return (new Subject(SubjectKind.Edge, id), id);
        }
    }

    private static string Span(SpanReference? span) => span?.SpanId ?? "";
}
