using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A model request.</summary>
internal sealed class RequestSubject(SubjectScope scope, InferenceCall request) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Request;

    public override string Id => request.InferenceCallId;

    public override IEnumerable<string?> OtherNames => [request.ResponseId, request.UpstreamRequestId, request.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(request.Execution, request.RawRequestPayloadId, request.RawResponsePayloadId);

    public override Cause? Cause
    {
        get
        {
            var ofTurn = Scope.Index.RequestsOfTurn(request.CodexTurnId);
            var number = 1 + ofTurn.TakeWhile(other => !ReferenceEquals(other, request)).Count();
            return new Cause(SubjectKind.Turn.Get(Scope, request.CodexTurnId), $"its request {number} of {ofTurn.Count}");
        }
    }

    public override IEnumerable<Effect> Effects
    {
        get
        {
            foreach (var id in request.ResponseItemIds)
            {
                yield return Scope.Made(SubjectKind.Item, id, "its response holds");
                if (Scope.Index.ToolOf(id) is { } tool)
                {
                    yield return Scope.Made(SubjectKind.ToolCall, tool.ToolCallId, "which started");
                }
                else if (Scope.Index.CellOf(id) is { } cell)
                {
                    yield return Scope.Made(SubjectKind.CodeCell, cell.CodeCellId, "which started");
                }
            }
        }
    }

    public override string Describe() => $"request {Id} to {request.Model}{Scope.Ran(request.Execution)}{SubjectScope.Because(Scope.Failures.Of(request), request.Execution.Status)}";
}
