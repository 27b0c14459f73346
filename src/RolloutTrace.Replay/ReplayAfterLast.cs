namespace RolloutTrace.Replay;

/// <summary>What a request gets that is asked more often than it was recorded.</summary>
public enum ReplayAfterLast
{
    /// <summary>An error: it was not asked that often.</summary>
    Fail,

    /// <summary>The last recorded answer again.</summary>
    Repeat,

    /// <summary>The recorded answers again, from the first: for a server that outlives a run.</summary>
    StartAgain,
}
