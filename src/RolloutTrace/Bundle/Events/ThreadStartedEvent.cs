using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>An agent's thread began, root or spawned. In JSON: <c>thread_started</c>.</summary>
public sealed record ThreadStartedEvent : RawEventPayload
{
    internal const string TypeName = "thread_started";

    /// <summary>Id of the agent's thread, unique in the rollout.</summary>
    public required string ThreadId { get; init; }

    /// <summary><c>/root</c>, or that followed by <c>/name</c> for each level.</summary>
    public required string AgentPath { get; init; }

    /// <summary>Metadata of the session, if there is any.</summary>
    public PayloadReference? MetadataPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => MetadataPayload is null ? [] : [MetadataPayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => MetadataPayload;

    internal static ThreadStartedEvent Read(ref CanonicalJson json) => new()
    {
        ThreadId = json.Text("thread_id"u8),
        AgentPath = json.Text("agent_path"u8),
        MetadataPayload = json.OptionalReference("metadata_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("thread_id"u8, ThreadId);
        json.WriteString("agent_path"u8, AgentPath);
        json.WriteReference("metadata_payload"u8, MetadataPayload);
    }
}
