using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The recording that a bundle goes on from: the same rollout, in another process or later.</summary>
[JsonConverter(typeof(ResumedRecordingConverter))]
public sealed record ResumedRecording
{
    /// <summary>The earlier bundle's <see cref="BundleManifest.TraceId"/>.</summary>
    public required string TraceId { get; init; }
}
