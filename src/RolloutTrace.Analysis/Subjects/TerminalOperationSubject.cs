using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>A command, or input to a process.</summary>
internal sealed class TerminalOperationSubject(SubjectScope scope, TerminalOperation operation) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.TerminalOperation;

    public override string Id => operation.OperationId;

    public override IEnumerable<string?> OtherNames => [operation.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(operation.Execution, operation.RawPayloadIds);

    public override Cause? Cause => new(SubjectKind.ToolCall.Get(Scope, operation.ToolCallId), "ran it");

    public override IEnumerable<Effect> Effects
    {
        get
        {
            if (operation.TerminalId is { } terminalId && Scope.Graph.TerminalSessions.TryGetValue(terminalId, out var terminal))
            {
                var created = ReferenceEquals(Scope.Index.CreatorOf(terminal), operation);
                yield return Scope.Made(SubjectKind.Terminal, terminalId, created ? "it created" : "it used");
            }

            foreach (var id in operation.ModelObservations.SelectMany(static observation => observation.OutputItemIds))
            {
                yield return Scope.Seen(id, "the model was shown");
            }
        }
    }

    public override string Describe()
    {
        var process = operation.TerminalId is { } id ? $" on process {id}" : "";
        var exit = FailureWords.Of(operation) is { } words ? $", {ItemText.Preview(words, RolloutOutline.PreviewLength)}" : operation.Result?.ExitCode is { } code ? $", exit code {code}" : "";
        return $"{Id}, {WireName.Of(operation.Kind)}{process}{Scope.Ran(operation.Execution)}{exit}";
    }
}
