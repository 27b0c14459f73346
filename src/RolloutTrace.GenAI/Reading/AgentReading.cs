namespace RolloutTrace.GenAI.Reading;

/// <summary>What a span says of an agent, or of whatever else a turn is.</summary>
internal sealed class AgentReading
{
    private readonly ForeignSpan span;
    private ChatContent? content;

    private AgentReading(ForeignSpan span, TagTable tags)
    {
        this.span = span;
        Tags = tags;
        Id = tags.Text("gen_ai.agent.id");
        Name = tags.Text("gen_ai.agent.name", "agent.name", "gen_ai.workflow.name", "workflow.name", "graph.node.name", "graph.node.id");
        ConversationId = tags.Text(
            "gen_ai.conversation.id", "session.id", "gen_ai.session.id", "gen_ai.thread.id", "langsmith.metadata.thread_id", "langsmith.metadata.session_id", "langsmith.metadata.conversation_id", "traceloop.association.properties.conversation_id", "traceloop.association.properties.session_id",
            "traceloop.association.properties.thread_id", "ai.telemetry.metadata.conversationId", "ai.telemetry.metadata.sessionId", "ai.telemetry.metadata.session_id");
        IsSession = !tags.Has("gen_ai.conversation.id");
        Model = tags.Text("gen_ai.request.model", "llm.model_name", "ai.model.id", "gen_ai.response.model");
        Provider = tags.Text("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider");
        Outcome = SpanOutcome.Of(span, tags);
    }

    public TagTable Tags { get; }

    public string? Id { get; }

    public string? Name { get; }

    /// <summary>The conversation or session that is named; null if none is.</summary>
    public string? ConversationId { get; }

    /// <summary>Whether it is a session's id that names the conversation.</summary>
    public bool IsSession { get; }

    public string? Model { get; }

    public string? Provider { get; }

    public SpanOutcome Outcome { get; }

    /// <summary>What the agent was asked and answered, read when it is first asked for.</summary>
    public ChatContent Content => content ??= ChatContent.Read(Tags, span.Events);

    public static AgentReading Read(ForeignSpan span, TagTable tags) => new(span, tags);
}
