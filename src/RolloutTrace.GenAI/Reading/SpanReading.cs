using RolloutTrace.GenAI.Dialects;

namespace RolloutTrace.GenAI.Reading;

/// <summary>A span, and what it says. Pure: the same span always reads the same.</summary>
internal sealed class SpanReading
{
    private SpanReading(ForeignSpan span, SpanRole? role = null, SpanReading? earlier = null)
    {
        Span = span;
        Tags = SpanDialects.Read(span, DetailsOf(span));
        Role = role ?? SpanRoles.Of(Tags, span.Name, span.Kind);
        Agent = AgentReading.Read(span, Tags);
        switch (Role)
        {
            case SpanRole.Chat:
                Chat = ChatReading.Read(span, Tags, earlier?.Chat);
                break;
            case SpanRole.Tool:
                Tool = ToolReading.Read(span, Tags);
                break;
        }
    }

    private SpanReading(SpanReading own, ChatReading chat)
    {
        (Span, Tags, Role, Agent) = (own.Span, own.Tags, own.Role, own.Agent);
        Chat = chat;
    }

    public ForeignSpan Span { get; }

    public TagTable Tags { get; }

    public SpanRole Role { get; }

    /// <summary>Whose span it is, as far as it says that.</summary>
    public AgentReading Agent { get; }

    /// <summary>The request, where it is one.</summary>
    public ChatReading? Chat { get; }

    /// <summary>The call, where it is one.</summary>
    public ToolReading? Tool { get; }

    /// <summary>The name of the service that emitted the span; empty where it is not told.</summary>
    public string Service
    {
        get
        {
            foreach (var tag in Span.Resource)
            {
                if (tag.Name == "service.name")
                {
                    return JsonValue.Text(tag.Value) ?? string.Empty;
                }
            }

            return string.Empty;
        }
    }

    /// <summary>Reads a span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="earlier">What it said before; what has not changed since then is not read again.</param>
    public static SpanReading Of(ForeignSpan span, SpanReading? earlier = null) => new(span, role: null, earlier);

    /// <summary>What a span is, without reading what it says.</summary>
    /// <param name="span">The span.</param>
    /// <param name="kind">The kind that it says it is of, where it is none that a rollout has; null if it says nothing.</param>
    public static SpanRole RoleOf(ForeignSpan span, out string? kind)
    {
        var tags = SpanDialects.Read(span, DetailsOf(span));
        var role = SpanRoles.Of(tags, span.Name, span.Kind);
        kind = role == SpanRole.None && !tags.Has(RolloutAttributes.Thread.Origin) && !SpanRoles.IsPending(tags) ? SpanRoles.KindOf(tags) : null;
        return role;
    }

    /// <summary>The same request, with what a span inside tells of it.</summary>
    public SpanReading With(ChatReading inner) => new(this, Chat!.With(inner));

    /// <summary>A span that others name as their parent and that never came: something was around them, and still runs as far as is known.</summary>
    public static SpanReading OfMissing(ForeignSpan child) => new(
        new ForeignSpan { TraceId = child.TraceId, SpanId = child.ParentSpanId!, Start = child.Start, Resource = child.Resource }, SpanRole.Wrapper);

    /// <summary>A span that a handle has recorded.</summary>
    public static SpanReading OfHandle(ForeignSpan span, SpanRole role) => new(span, role);

    // The conventions let content stand in an event of the span, with the attributes' names. Some have one for what was given and one for
    // what came of it.
    private static IReadOnlyList<SpanTag>? DetailsOf(ForeignSpan span)
    {
        IReadOnlyList<SpanTag>? details = null;
        foreach (var happened in span.Events)
        {
            if (happened.Name is "gen_ai.client.inference.operation.details")
            {
                details = details is null ? happened.Attributes : [.. details, .. happened.Attributes];
            }
        }

        return details;
    }
}
