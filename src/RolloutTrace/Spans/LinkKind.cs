using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>Why a span points to another where parenthood does not say it.</summary>
internal sealed class LinkKind
{
    public static readonly LinkKind Session = new(RolloutLinkKinds.Session);
    public static readonly LinkKind CausedBy = new(RolloutLinkKinds.CausedBy);
    public static readonly LinkKind WaitsFor = new(RolloutLinkKinds.WaitsFor);
    public static readonly LinkKind Continues = new(RolloutLinkKinds.Continues);
    public static readonly LinkKind CompactedBy = new(RolloutLinkKinds.CompactedBy);
    public static readonly LinkKind SpawnAgent = new(RolloutLinkKinds.SpawnAgent);
    public static readonly LinkKind AssignAgentTask = new(RolloutLinkKinds.AssignAgentTask);
    public static readonly LinkKind SendMessage = new(RolloutLinkKinds.SendMessage);
    public static readonly LinkKind AgentResult = new(RolloutLinkKinds.AgentResult);
    public static readonly LinkKind CloseAgent = new(RolloutLinkKinds.CloseAgent);

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

    /// <summary>The target as attributes have it.</summary>
    public static string Text(ActivityContext target) => $"{target.TraceId.ToHexString()}-{target.SpanId.ToHexString()}";

    public ActivityLink To(ActivityContext target, string? edgeId = null) => edgeId is null
        ? new ActivityLink(target, tags)
        : new ActivityLink(target, new ActivityTagsCollection { { RolloutAttributes.Link.Kind, name }, { RolloutAttributes.Edge.Id, edgeId } });
}
