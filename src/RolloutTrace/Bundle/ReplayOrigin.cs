namespace RolloutTrace.Bundle;

/// <summary>The recording that a rollout was played from: its model's answers are, wholly or at first, those of that one.</summary>
public sealed record ReplayOrigin
{
    /// <summary>
    /// The environment variable by which an agent that is played from a server is told so: the trace id and the rollout id, with a slash between them.
    /// </summary>
    public const string Variable = "ROLLOUT_TRACE_REPLAYED_FROM";

    /// <summary>Identity of the recording: <see cref="BundleManifest.TraceId"/>.</summary>
    public required string TraceId { get; init; }

    /// <summary>Identity of the rollout: <see cref="BundleManifest.RolloutId"/>.</summary>
    public required string RolloutId { get; init; }

    /// <summary>As <see cref="Variable"/> has it.</summary>
    public override string ToString() => $"{TraceId}/{RolloutId}";

    /// <summary>What the environment says; null if it says nothing.</summary>
    internal static ReplayOrigin? FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>What <see cref="Variable"/> says; null if it says nothing, or nothing that can be understood.</summary>
    internal static ReplayOrigin? Parse(string? text) =>
        text?.Split('/') is [{ Length: > 0 } traceId, { Length: > 0 } rolloutId] ? new ReplayOrigin { TraceId = traceId, RolloutId = rolloutId } : null;
}
