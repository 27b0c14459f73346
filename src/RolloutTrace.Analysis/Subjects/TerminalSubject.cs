using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A process in a terminal.</summary>
internal sealed class TerminalSubject(SubjectScope scope, TerminalSession terminal) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Terminal;

    public override string Id => terminal.TerminalId;

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(terminal.Execution);

    public override Cause? Cause => new(SubjectKind.TerminalOperation.Get(Scope, CreatorId), "created the process");

    public override IEnumerable<Effect> Effects => terminal.OperationIds
        .OrderBy(id => Scope.Graph.TerminalOperations[id].Execution.StartedSeq)
        .Select(id => Scope.Made(SubjectKind.TerminalOperation, id, string.Equals(id, CreatorId, StringComparison.Ordinal) ? "created by" : "used again by"));

    private string CreatorId => Scope.Index.CreatorOf(terminal).OperationId;

    public override string Describe()
    {
        var exit = terminal.OperationIds.Select(id => ToldExit.Of(Scope.Graph.TerminalOperations[id])).LastOrDefault(static code => code is not null);
        return $"process {Id}, {(exit is { } code ? $"exit code {code}" : "not seen to exit")}";
    }
}
