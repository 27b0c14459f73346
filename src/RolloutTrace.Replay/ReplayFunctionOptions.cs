namespace RolloutTrace.Replay;

/// <summary>How the functions of a recorded run are played.</summary>
public sealed record ReplayFunctionOptions
{
    /// <summary>Whether a call that was not recorded is a <see cref="ReplayException"/>; by default the function itself runs then.</summary>
    public bool FailUnknown { get; init; }

    /// <summary>What comes after the last recorded result of a call; by default it was not recorded that often.</summary>
    public ReplayAfterLast AfterLast { get; init; }

    /// <summary>The clock by which times in arguments are recognised; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
