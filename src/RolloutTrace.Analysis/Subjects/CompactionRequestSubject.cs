using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A model request made for a compaction.</summary>
internal sealed class CompactionRequestSubject(SubjectScope scope, RecordedCompactionRequest request) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.CompactionRequest;

    public override string Id => request.CompactionRequestId;

    public override IEnumerable<string?> OtherNames => [request.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(request.Execution, request.RawRequestPayloadId);

    public override Cause? Cause => SubjectKind.Compaction.Find(Scope, request.CompactionId) is { } compaction
        ? new Cause(compaction, "made the request")
        : new Cause(SubjectKind.Turn.Get(Scope, request.CodexTurnId), $"made it for the compaction {request.CompactionId}, which was not installed");

    public override string Describe() => $"compaction request {Id}, {request.Model}{Scope.Ran(request.Execution)}{SubjectScope.Because(Scope.Failures.Of(request), request.Execution.Status)}";
}
