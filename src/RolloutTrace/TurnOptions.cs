using System.Diagnostics;

namespace RolloutTrace;

/// <summary>What is known of a turn when it starts. All members are optional.</summary>
public readonly struct TurnOptions
{
    /// <summary>Id of the turn, unique in the rollout; a fresh UUID by default.</summary>
    public string? TurnId { get; init; }

    /// <summary>The model that the turn uses; the session's by default.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Who called the turn from another process, as a message from a queue says it; by default the remote parent of the span that is
    /// current. The turn's span is then a child of the caller's, unless <see cref="TraceScope"/> forbids it.
    /// </summary>
    public RolloutCaller? Caller { get; init; }

    /// <summary>The span of another library that stands for the same; no span is started then.</summary>
    internal Activity? Span { get; init; }
}
