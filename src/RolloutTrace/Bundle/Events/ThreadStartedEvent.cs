using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>An agent's thread began, root or spawned. In JSON: <c>thread_started</c>.</summary>
public sealed record ThreadStartedEvent : RawEventPayload
{
    /// <summary>The thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary><c>/root</c>, or that followed by <c>/name</c> for each level.</summary>
    public required string AgentPath { get; init; }

    /// <summary>Metadata of the session, if there is any.</summary>
    public PayloadReference? MetadataPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => MetadataPayload is null ? [] : [MetadataPayload];
}
