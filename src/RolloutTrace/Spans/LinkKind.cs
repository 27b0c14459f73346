using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>Why a span points to another where parenthood does not say it.</summary>
internal sealed class LinkKind
{
    public static readonly LinkKind Session = new("session");
    public static readonly LinkKind CausedBy = new("caused_by");
    public static readonly LinkKind WaitsFor = new("waits_for");
    public static readonly LinkKind Continues = new("continues");
    public static readonly LinkKind CompactedBy = new("compacted_by");
    public static readonly LinkKind SpawnAgent = new("spawn_agent");
    public static readonly LinkKind AssignAgentTask = new("assign_agent_task");
    public static readonly LinkKind SendMessage = new("send_message");
    public static readonly LinkKind AgentResult = new("agent_result");
    public static readonly LinkKind CloseAgent = new("close_agent");

    private readonly string name;
    private readonly ActivityTagsCollection tags;

    private LinkKind(string name)
    {
        this.name = name;
        Attribute = RolloutAttributes.Link.Prefix + name;
        tags = new ActivityTagsCollection { { RolloutAttributes.Link.Kind, name } };
    }

    /// <summary>The span attribute that repeats the link.</summary>
    public string Attribute { get; }

    public ActivityLink To(ActivityContext target, string? edgeId = null) => edgeId is null
        ? new ActivityLink(target, tags)
        : new ActivityLink(target, new ActivityTagsCollection { { RolloutAttributes.Link.Kind, name }, { RolloutAttributes.Edge.Id, edgeId } });
}
