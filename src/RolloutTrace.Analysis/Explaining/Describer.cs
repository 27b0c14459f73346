using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Says what a thing is, and where it is to be seen.</summary>
internal sealed class Describer(RolloutIndex index, RolloutLiveness? liveness)
{
    private const int PreviewLength = 80;

    private readonly RolloutGraph graph = index.Graph;

    public string Describe(Subject subject) => subject.Kind switch
    {
        SubjectKind.Thread => $"agent {index.AgentOf(subject.Id)}, thread {subject.Id}",
        SubjectKind.Turn => $"turn {subject.Id} of {index.AgentOf(graph.CodexTurns[subject.Id].ThreadId)}{Ran(graph.CodexTurns[subject.Id].Execution)}",
        SubjectKind.Request => Request(graph.InferenceCalls[subject.Id]),
        SubjectKind.ToolCall => Tool(graph.ToolCalls[subject.Id]),
        SubjectKind.Item => Item(graph.ConversationItems[subject.Id]),
        SubjectKind.CodeCell => Cell(graph.CodeCells[subject.Id]),
        SubjectKind.Terminal => Process(graph.TerminalSessions[subject.Id]),
        SubjectKind.TerminalOperation => Operation(graph.TerminalOperations[subject.Id]),
        SubjectKind.Compaction => $"compaction {subject.Id}, {graph.Compactions[subject.Id].InputItemIds.Count} items became {graph.Compactions[subject.Id].ReplacementItemIds.Count}",
        SubjectKind.CompactionRequest => $"compaction request {subject.Id}, {graph.CompactionRequests[subject.Id].Model}{Ran(graph.CompactionRequests[subject.Id].Execution)}",
        SubjectKind.Edge => $"{WireName.Of(graph.InteractionEdges[subject.Id].Kind)} {subject.Id}, from {SourceOf(graph.InteractionEdges[subject.Id])} to {TargetOf(graph.InteractionEdges[subject.Id])}",
        _ => throw new InvalidOperationException($"unknown subject {subject}"),
    };

    public IReadOnlyList<Evidence> EvidenceOf(Subject subject) => subject.Kind switch
    {
        SubjectKind.Thread => Window(graph.Threads[subject.Id].Execution),
        SubjectKind.Turn => Window(graph.CodexTurns[subject.Id].Execution),
        SubjectKind.Request => Window(graph.InferenceCalls[subject.Id].Execution, graph.InferenceCalls[subject.Id].RawRequestPayloadId, graph.InferenceCalls[subject.Id].RawResponsePayloadId),
        SubjectKind.ToolCall => Window(graph.ToolCalls[subject.Id].Execution, graph.ToolCalls[subject.Id].RawInvocationPayloadId, graph.ToolCalls[subject.Id].RawResultPayloadId),
        SubjectKind.Item => OfItem(graph.ConversationItems[subject.Id]),
        SubjectKind.CodeCell => Window(graph.CodeCells[subject.Id].Execution),
        SubjectKind.Terminal => Window(graph.TerminalSessions[subject.Id].Execution),
        SubjectKind.TerminalOperation => Window(graph.TerminalOperations[subject.Id].Execution, [.. graph.TerminalOperations[subject.Id].RawPayloadIds]),
        SubjectKind.Compaction => [],
        SubjectKind.CompactionRequest => Window(graph.CompactionRequests[subject.Id].Execution, graph.CompactionRequests[subject.Id].RawRequestPayloadId),
        SubjectKind.Edge => [.. graph.InteractionEdges[subject.Id].CarriedRawPayloadIds.SelectMany(id => Evidence.Payload(graph, id))],
        _ => throw new InvalidOperationException($"unknown subject {subject}"),
    };

    public string TargetOf(InteractionEdge edge) => edge.Target switch
    {
        ConversationItemAnchor { ItemId: var id } => $"{index.AgentOf(graph.ConversationItems[id].ThreadId)} ({id})",
        ThreadAnchor { ThreadId: var id } => index.AgentOf(id),
        ToolCallAnchor { ToolCallId: var id } => $"tool call {id}",
        _ => throw new InvalidOperationException($"unknown anchor {edge.Target}"),
    };

    private string SourceOf(InteractionEdge edge) => edge.Source switch
    {
        ToolCallAnchor { ToolCallId: var id } => $"{index.AgentOf(graph.ToolCalls[id].ThreadId)} (tool call {id})",
        ConversationItemAnchor { ItemId: var id } => $"{index.AgentOf(graph.ConversationItems[id].ThreadId)} ({id})",
        ThreadAnchor { ThreadId: var id } => index.AgentOf(id),
        _ => throw new InvalidOperationException($"unknown anchor {edge.Source}"),
    };

    private string Ran(ExecutionWindow execution)
    {
        var duration = execution.EndedAtUnixMs is { } end ? $" after {end - execution.StartedAtUnixMs} ms" : "";
        return $", {(execution.Status == ExecutionStatus.Running ? WithoutEnd : WireName.Of(execution.Status))}{duration}";
    }

    // What the state has as running, since it holds no end.
    private string WithoutEnd => liveness switch
    {
        null => WireName.Of(ExecutionStatus.Running),
        { IsRunning: true } => "still running",
        { IsDead: true } => "unfinished when its process died",
        { IsCut: true } => "unfinished when its recording was cut",
        { IsOver: true } => "which never ended",
        _ => "which has no end so far",
    };

    private string Request(InferenceCall call) => $"request {call.InferenceCallId} to {call.Model}{Ran(call.Execution)}";

    private string Tool(RecordedToolCall tool)
    {
        var preview = index.PreviewOf(tool, PreviewLength);
        return $"tool call {tool.ToolCallId}, {RolloutIndex.NameOf(tool.Kind)}{Ran(tool.Execution)}{(preview.Length > 0 ? $": {preview}" : "")}";
    }

    private static string Item(ConversationItem item)
    {
        var text = ItemText.Preview(ItemText.Of(item), PreviewLength);
        var kind = item.Kind == ConversationItemKind.Message ? $"{WireName.Of(item.Role)} message" : WireName.Of(item.Kind);
        return $"{item.ItemId}, {kind}{(text.Length > 0 ? $": {text}" : "")}";
    }

    private string Cell(RecordedCodeCell cell)
    {
        var isOpen = cell.Execution.Status == ExecutionStatus.Running;
        var status = isOpen && cell.RuntimeStatus == CodeCellRuntimeStatus.Running ? WithoutEnd
            : WireName.Of(cell.RuntimeStatus) + (isOpen && liveness is not null ? $", {WithoutEnd}" : "");
        return $"{cell.CodeCellId}, {status}: {ItemText.Preview(cell.SourceJs, PreviewLength)}";
    }

    private string Process(TerminalSession session)
    {
        var exit = session.OperationIds.Select(id => graph.TerminalOperations[id].Result?.ExitCode).LastOrDefault(static code => code is not null);
        return $"process {session.TerminalId}, {(exit is { } code ? $"exit code {code}" : "not seen to exit")}";
    }

    private string Operation(TerminalOperation operation)
    {
        var process = operation.TerminalId is { } id ? $" on process {id}" : "";
        var exit = operation.Result?.ExitCode is { } code ? $", exit code {code}" : "";
        return $"{operation.OperationId}, {WireName.Of(operation.Kind)}{process}{Ran(operation.Execution)}{exit}";
    }

    private List<Evidence> OfItem(ConversationItem item)
    {
        var request = index.FirstRequestWith(item.ItemId);
        var response = index.RequestThatProduced(item.ItemId);
        return [.. Evidence.Payload(graph, response?.RawResponsePayloadId), .. Evidence.Payload(graph, request?.RawRequestPayloadId)];
    }

    private List<Evidence> Window(ExecutionWindow execution, params string?[] payloadIds)
    {
        var evidence = new List<Evidence> { Evidence.Event(execution.StartedSeq) };
        if (execution.EndedSeq is { } end)
        {
            evidence.Add(Evidence.Event(end));
        }

        evidence.AddRange(payloadIds.SelectMany(id => Evidence.Payload(graph, id)));
        return evidence;
    }
}
