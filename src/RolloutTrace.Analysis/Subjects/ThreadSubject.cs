using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>An agent's thread.</summary>
internal sealed class ThreadSubject(SubjectScope scope, AgentThread thread) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Thread;

    public override string Id => thread.ThreadId;

    public override IEnumerable<string?> OtherNames => [thread.AgentPath, thread.Otel?.SpanId];

    public override IReadOnlyList<Evidence> Evidence => Scope.EvidenceOf(thread.Execution);

    public override Cause? Cause
    {
        get
        {
            if (thread.Origin is not SpawnedOrigin origin)
            {
                return null;
            }

            return Scope.Index.SpawnerOf(thread) is { } tool ? new Cause(SubjectKind.ToolCall.Get(Scope, tool.ToolCallId), "spawned it")
                : SubjectKind.Thread.Find(Scope, origin.ParentThreadId) is { } parent ? new Cause(parent, "spawned it, by no call that was recorded")
                : new Cause(null, $"thread {origin.ParentThreadId} spawned it, of which this bundle knows nothing");
        }
    }

    public override IEnumerable<Effect> Effects
    {
        get
        {
            foreach (var turn in Scope.Graph.CodexTurns.Values.Where(turn => IsThis(turn.ThreadId)).OrderBy(static turn => turn.Execution.StartedSeq))
            {
                yield return Scope.Made(SubjectKind.Turn, turn.CodexTurnId, "it ran");
            }

            foreach (var edge in Scope.Graph.InteractionEdges.Values.OrderBy(static edge => edge.StartedAtUnixMs).ThenBy(static edge => edge.EdgeId, StringComparer.Ordinal))
            {
                if (IsThis(ThreadOf(edge.Target)))
                {
                    yield return Scope.Made(SubjectKind.Edge, edge.EdgeId, "it received");
                }
                else if (IsThis(ThreadOf(edge.Source)))
                {
                    yield return Scope.Made(SubjectKind.Edge, edge.EdgeId, "it sent");
                }
            }
        }
    }

    public override string Describe() => $"agent {Scope.Index.AgentOf(Id)}, thread {Id}";

    private bool IsThis(string? threadId) => string.Equals(threadId, Id, StringComparison.Ordinal);

    private string? ThreadOf(InteractionAnchor anchor) => anchor switch
    {
        ConversationItemAnchor item => Scope.Graph.ConversationItems[item.ItemId].ThreadId,
        ToolCallAnchor tool => Scope.Graph.ToolCalls[tool.ToolCallId].ThreadId,
        ThreadAnchor other => other.ThreadId,
        _ => null,
    };
}
