using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A turn.</summary>
internal sealed class TurnSubject(SubjectScope scope, CodexTurn turn) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Turn;

    public override string Id => turn.CodexTurnId;

    public override IEnumerable<string?> OtherNames => [turn.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(turn.Execution);

    public override Cause? Cause => Scope.Index.InputOf(turn) is { } input
        ? new Cause(SubjectKind.Item.Get(Scope, input.ItemId), input.Role == ConversationRole.User ? "the user's input" : "what another agent wrote")
        : new Cause(SubjectKind.Thread.Get(Scope, turn.ThreadId), "no input is known that the turn answers");

    public override IEnumerable<Effect> Effects =>
        Scope.Index.RequestsOfTurn(Id).Select(request => Scope.Made(SubjectKind.Request, request.InferenceCallId, "it sent"));

    public override string Describe() => $"turn {Id} of {Scope.Index.AgentOf(turn.ThreadId)}{Scope.Ran(turn.Execution)}{SubjectScope.Because(Scope.Failures.Of(turn), turn.Execution.Status)}";
}
