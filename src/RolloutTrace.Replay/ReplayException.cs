namespace RolloutTrace.Replay;

/// <summary>A recording has no answer to what was asked. The message says what is nearest to it and where that differs first.</summary>
public sealed class ReplayException : InvalidOperationException
{
    internal ReplayException(ReplayReason reason, string message)
        : base(message)
    {
        Reason = reason;
    }

    /// <summary>Why there is none.</summary>
    public ReplayReason Reason { get; }

    /// <summary>The recorded request, or tool call, that is meant or comes nearest; null if nothing was recorded.</summary>
    public string? NearestId { get; internal init; }

    /// <summary>In what that one differs first; null if it does not.</summary>
    public ReplayDifference? Difference { get; internal init; }
}
