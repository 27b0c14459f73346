namespace RolloutTrace.Import.Claude;

/// <summary>The lines of one agent in a session.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="key">What tells a helper from others; null for the session's own agent.</param>
internal sealed class ClaudeThread(string sessionId, string? key)
{
    public string SessionId => sessionId;

    public string? Key => key;

    public bool IsHelper => key is not null;

    /// <summary>Its lines, in order.</summary>
    public List<ClaudeLine> Lines { get; } = [];

    /// <summary>The answers, by what their lines share.</summary>
    public Dictionary<string, ClaudeUnit> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The answers that have a call, by its id.</summary>
    public Dictionary<string, ClaudeUnit> Callers { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids of calls that have a result.</summary>
    public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that it was brought about or gone on with by, in order; of a helper whose call is not known, none.</summary>
    public List<(ClaudeThread Thread, ClaudeCall Call)> Causes { get; } = [];

    /// <summary>Where its conversation is.</summary>
    public ClaudeUnit? Tip { get; set; }
}
