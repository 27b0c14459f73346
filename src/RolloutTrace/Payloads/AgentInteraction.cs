using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>The ways in which a tool works on an agent, and how each is recorded.</summary>
internal sealed class AgentInteraction
{
    public static readonly AgentInteraction Spawn = new(ToolCallKindType.SpawnAgent, "started", name: null);
    public static readonly AgentInteraction Message = new(ToolCallKindType.SendMessage, "interacted", RolloutLinkKinds.SendMessage);
    public static readonly AgentInteraction Task = new(ToolCallKindType.AssignAgentTask, "interacted", RolloutLinkKinds.AssignAgentTask);
    public static readonly AgentInteraction Close = new(ToolCallKindType.CloseAgent, "interrupted", name: null);

    private readonly string activity;
    private readonly string? name;

    private AgentInteraction(ToolCallKindType kind, string activity, string? name)
    {
        Kind = kind;
        this.activity = activity;
        this.name = name;
    }

    /// <summary>The kind of tool that does it.</summary>
    public ToolCallKindType Kind { get; }

    public bool HasMessage => !ReferenceEquals(this, Close);

    /// <summary>
    /// The runtime's end payload. One form leaves the message in the tool's own arguments; a message given apart needs the other.
    /// </summary>
    /// <param name="tool">The tool that does it.</param>
    /// <param name="agent">The agent that it is done to.</param>
    /// <param name="message">What the agent is told, where it is not in the tool's arguments.</param>
    /// <param name="isNamed">Whether the payload says which interaction it is: the kind of the tool does not tell.</param>
    public JsonPayload Payload(ToolCall tool, AgentSession agent, string? message, bool isNamed)
    {
        var now = tool.Rollout.Clock.NowMs();
        var interaction = isNamed ? name : null;
        if (message is null || !HasMessage)
        {
            var payload = new AgentActivityPayload
            {
                EventId = tool.ToolCallId,
                OccurredAtMs = now,
                AgentThreadId = agent.ThreadId,
                AgentPath = agent.AgentPath,
                Kind = activity,
                Interaction = interaction,
            };
            return JsonPayload.From(payload, PayloadJsonContext.Default.AgentActivityPayload);
        }

        return ReferenceEquals(this, Spawn) ? SpawnEnd(tool, agent, message, now) : InteractionEnd(tool, agent, message, now, interaction);
    }

    private static JsonPayload SpawnEnd(ToolCall tool, AgentSession agent, string message, long now)
    {
        var payload = new AgentSpawnEndPayload
        {
            CallId = tool.ToolCallId,
            CompletedAtMs = now,
            SenderThreadId = tool.Turn.Session.ThreadId,
            NewThreadId = agent.ThreadId,
            Prompt = message,
            Model = agent.ModelOrUnknown,
        };
        return JsonPayload.From(payload, PayloadJsonContext.Default.AgentSpawnEndPayload);
    }

    private static JsonPayload InteractionEnd(ToolCall tool, AgentSession agent, string message, long now, string? interaction)
    {
        var payload = new AgentInteractionEndPayload
        {
            CallId = tool.ToolCallId,
            CompletedAtMs = now,
            SenderThreadId = tool.Turn.Session.ThreadId,
            ReceiverThreadId = agent.ThreadId,
            Prompt = message,
            Interaction = interaction,
        };
        return JsonPayload.From(payload, PayloadJsonContext.Default.AgentInteractionEndPayload);
    }
}
