namespace RolloutTrace.Replay;

/// <summary>Why a recording has no answer to a request or a call.</summary>
public enum ReplayReason
{
    /// <summary>It was never asked.</summary>
    NeverAsked,

    /// <summary>It was asked less often, and all its answers have been given.</summary>
    AskedTooOften,

    /// <summary>It was asked, and the recording ends before it was answered.</summary>
    Unended,

    /// <summary>It was asked, and its answer cannot be read.</summary>
    Unreadable,
}
