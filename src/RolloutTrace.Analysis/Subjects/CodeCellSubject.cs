using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>Code of a model, and its run.</summary>
internal sealed class CodeCellSubject(SubjectScope scope, RecordedCodeCell cell) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.CodeCell;

    public override string Id => cell.CodeCellId;

    public override IEnumerable<string?> OtherNames => [cell.ModelVisibleCallId, cell.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(cell.Execution);

    public override Cause? Cause => Scope.Index.RequestThatProduced(cell.SourceItemId) is { } request
        ? new Cause(SubjectKind.Request.Get(Scope, request.InferenceCallId), $"its response wrote the code, in {cell.SourceItemId}")
        : new Cause(SubjectKind.Turn.Get(Scope, cell.CodexTurnId), $"the code is in {cell.SourceItemId}; no response is known that wrote it");

    public override IEnumerable<Effect> Effects
    {
        get
        {
            foreach (var id in cell.NestedToolCallIds)
            {
                yield return Scope.Made(SubjectKind.ToolCall, id, "its code issued");
            }

            foreach (var id in cell.WaitToolCallIds)
            {
                yield return Scope.Made(SubjectKind.ToolCall, id, "waited for by");
                foreach (var output in Scope.Graph.ToolCalls[id].ModelVisibleOutputItemIds)
                {
                    yield return Scope.Seen(output, "which handed out");
                }
            }

            foreach (var id in cell.OutputItemIds)
            {
                yield return Scope.Seen(id, "its output is");
            }
        }
    }

    public override string Describe()
    {
        var isOpen = cell.Execution.Status == ExecutionStatus.Running;
        var status = isOpen && cell.RuntimeStatus == CodeCellRuntimeStatus.Running ? Scope.WithoutEnd
            : WireName.Of(cell.RuntimeStatus) + (isOpen ? $", {Scope.WithoutEnd}" : "");
        return $"{Id}, {status}: {ItemText.Preview(cell.SourceJs, SubjectScope.PreviewLength)}{SubjectScope.Because(Scope.Failures.Of(cell), cell.RuntimeStatus == CodeCellRuntimeStatus.Completed ? ExecutionStatus.Completed : ExecutionStatus.Failed)}";
    }
}
