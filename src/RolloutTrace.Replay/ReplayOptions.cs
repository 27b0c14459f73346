namespace RolloutTrace.Replay;

/// <summary>How a recorded run is played.</summary>
public sealed record ReplayOptions
{
    /// <summary>What of a request has to be as recorded beside its items; all of it by default.</summary>
    public ReplayGiven Given { get; init; } = ReplayGiven.All;

    /// <summary>What comes after the last recorded answer to a request; an error by default.</summary>
    public ReplayAfterLast AfterLast { get; init; }

    /// <summary>
    /// How fast answers come: 1 takes the time that was recorded, 2 half of it, 0 none, which is the default. A stream has its time
    /// spread over its updates. Not negative.
    /// </summary>
    public double Speed { get; init; }

    /// <summary>The model that the client says it has where options name none; by default that of the first recorded request.</summary>
    public string? Model { get; init; }

    /// <summary>The clock for waiting, and by which times in requests are recognised; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
