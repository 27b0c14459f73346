using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A tool call, of a model or of its code.</summary>
internal sealed class ToolCallSubject(SubjectScope scope, RecordedToolCall tool) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.ToolCall;

    public override string Id => tool.ToolCallId;

    public override IEnumerable<string?> OtherNames => [tool.ModelVisibleCallId, tool.McpCallId, tool.CodeModeRuntimeToolId, tool.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(tool.Execution, tool.RawInvocationPayloadId, tool.RawResultPayloadId);

    public override Cause? Cause
    {
        get
        {
            if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId })
            {
                return SubjectKind.CodeCell.Find(Scope, cellId) is { } cell
                    ? new Cause(cell, "its code issued the call")
                    : new Cause(null, $"{cellId} issued the call, but the model's own item for it was never seen");
            }

            if (Scope.Index.RequestThatAskedFor(tool) is { } request)
            {
                var place = tool.ModelVisibleCallItemIds is [var item, ..] ? $", in {item}" : "";
                return new Cause(SubjectKind.Request.Get(Scope, request.InferenceCallId), $"its response asked for the call{place}");
            }

            return tool.StartedByCodexTurnId is { } turnId
                ? new Cause(SubjectKind.Turn.Get(Scope, turnId), "it started there, and no request is known to have asked for it")
                : new Cause(SubjectKind.Thread.Get(Scope, tool.ThreadId), "it started there, outside of a turn");
        }
    }

    public override IEnumerable<Effect> Effects
    {
        get
        {
            if (tool.TerminalOperationId is { } operationId)
            {
                yield return Scope.Made(SubjectKind.TerminalOperation, operationId, "carried out as");
            }

            foreach (var edge in Scope.Index.EdgesFrom(Id))
            {
                yield return Scope.Made(SubjectKind.Edge, edge.EdgeId, "led to");
            }

            if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId } && Scope.Graph.CodeCells.ContainsKey(cellId))
            {
                yield return Scope.Made(SubjectKind.CodeCell, cellId, "its value went to the code of");
            }

            foreach (var cell in Scope.Index.CellsWaitedForBy(tool))
            {
                yield return Scope.Made(SubjectKind.CodeCell, cell.CodeCellId, "waited for");
            }

            foreach (var id in tool.ModelVisibleOutputItemIds)
            {
                yield return Scope.Seen(id, "its output is");
            }
        }
    }

    public override string Describe()
    {
        var preview = Scope.Index.PreviewOf(tool, SubjectScope.PreviewLength);
        return $"tool call {Id}, {RolloutIndex.NameOf(tool.Kind)}{Scope.Ran(tool.Execution)}{(preview.Length > 0 ? $": {preview}" : "")}{SubjectScope.Because(Scope.Failures.Of(tool), tool.Execution.Status)}";
    }
}
