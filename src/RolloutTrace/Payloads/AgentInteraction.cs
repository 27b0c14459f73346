using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>The ways in which a tool works on an agent, and how each is recorded.</summary>
internal sealed class AgentInteraction
{
    public static readonly AgentInteraction Spawn = new(ToolCallKindType.SpawnAgent, "started");
    public static readonly AgentInteraction Message = new(ToolCallKindType.SendMessage, "interacted");
    public static readonly AgentInteraction Task = new(ToolCallKindType.AssignAgentTask, "interacted");
    public static readonly AgentInteraction Close = new(ToolCallKindType.CloseAgent, "interrupted");

    private readonly string activity;

    private AgentInteraction(ToolCallKindType kind, string activity)
    {
        Kind = kind;
        this.activity = activity;
    }

    /// <summary>The kind of tool that does it.</summary>
    public ToolCallKindType Kind { get; }

    public bool HasMessage => !ReferenceEquals(this, Close);

    /// <summary>
    /// The runtime's end payload. One form leaves the message in the tool's own arguments; a message given apart needs the other.
    /// </summary>
    public JsonPayload Payload(ToolCall tool, AgentSession agent, string? message)
    {
        var now = tool.Rollout.Clock.NowMs();
        if (message is null || !HasMessage)
        {
            var payload = new AgentActivityPayload
            {
                EventId = tool.ToolCallId,
                OccurredAtMs = now,
                AgentThreadId = agent.ThreadId,
                AgentPath = agent.AgentPath,
                Kind = activity,
            };
            return JsonPayload.From(payload, PayloadJsonContext.Default.AgentActivityPayload);
        }

        return ReferenceEquals(this, Spawn) ? SpawnEnd(tool, agent, message, now) : InteractionEnd(tool, agent, message, now);
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

    private static JsonPayload InteractionEnd(ToolCall tool, AgentSession agent, string message, long now)
    {
        var payload = new AgentInteractionEndPayload
        {
            CallId = tool.ToolCallId,
            CompletedAtMs = now,
            SenderThreadId = tool.Turn.Session.ThreadId,
            ReceiverThreadId = agent.ThreadId,
            Prompt = message,
        };
        return JsonPayload.From(payload, PayloadJsonContext.Default.AgentInteractionEndPayload);
    }
}
