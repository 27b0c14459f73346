using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Subjects;

/// <summary>What went from one agent to another.</summary>
internal sealed class EdgeSubject(SubjectScope scope, InteractionEdge edge) : Subject(scope)
{
    public override SubjectKind Kind => SubjectKind.Edge;

    public override string Id => edge.EdgeId;

    public override IReadOnlyList<Evidence> Evidence => [.. edge.CarriedRawPayloadIds.SelectMany(id => Analysis.Evidence.Payload(Scope.Graph, id))];

    public override Cause? Cause => edge.Source switch
    {
        ToolCallAnchor { ToolCallId: var id } => new Cause(SubjectKind.ToolCall.Get(Scope, id), $"{WireName.Of(edge.Kind)} to {Target}"),
        ConversationItemAnchor { ItemId: var id } => new Cause(SubjectKind.Item.Get(Scope, id), "the child's last word is its result"),
        ThreadAnchor { ThreadId: var id } => new Cause(SubjectKind.Thread.Get(Scope, id), "the child ended without a word"),
        _ => null,
    };

    public override IEnumerable<Effect> Effects => edge.Target switch
    {
        ConversationItemAnchor { ItemId: var id } => [Scope.Seen(id, "delivered as")],
        ThreadAnchor { ThreadId: var id } => [Scope.Made(SubjectKind.Thread, id, edge.Kind == InteractionEdgeKind.CloseAgent ? "closed" : "started")],
        _ => [],
    };

    private string Target => edge.Target switch
    {
        ToolCallAnchor { ToolCallId: var id } => $"tool call {id}",
        var other => AgentAt(other),
    };

    private string Source => edge.Source switch
    {
        ToolCallAnchor { ToolCallId: var id } => $"{Scope.Index.AgentOf(Scope.Graph.ToolCalls[id].ThreadId)} (tool call {id})",
        var other => AgentAt(other),
    };

    public override string Describe() => $"{WireName.Of(edge.Kind)} {Id}, from {Source} to {Target}";

    private string AgentAt(InteractionAnchor anchor) => anchor switch
    {
        ConversationItemAnchor { ItemId: var id } => $"{Scope.Index.AgentOf(Scope.Graph.ConversationItems[id].ThreadId)} ({id})",
        ThreadAnchor { ThreadId: var id } => Scope.Index.AgentOf(id),
        _ => throw new InvalidOperationException($"unknown anchor {anchor}"),
    };
}
