using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>A recording began. In JSON: <c>rollout_started</c>.</summary>
public sealed record RolloutStartedEvent : RawEventPayload
{
    internal const string TypeName = "rollout_started";

    /// <summary>Id of the recording, a UUID, the same as in the manifest.</summary>
    public required string TraceId { get; init; }

    /// <summary>Id of the root agent's thread.</summary>
    public required string RootThreadId { get; init; }

    internal static RolloutStartedEvent Read(ref CanonicalJson json) => new()
    {
        TraceId = json.Text("trace_id"u8),
        RootThreadId = json.Text("root_thread_id"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("trace_id"u8, TraceId);
        json.WriteString("root_thread_id"u8, RootThreadId);
    }
}
