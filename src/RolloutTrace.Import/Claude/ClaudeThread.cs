using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>The lines of one agent in a session.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="key">What tells a helper from others; null for the session's own agent.</param>
/// <param name="spool">Keeps what items say.</param>
internal sealed class ClaudeThread(string sessionId, string? key, LogSpool spool)
{
    private readonly CallIds callIds = new(spool);

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

    /// <summary>The ids of calls whose result says no more than that a helper has been set to work.</summary>
    public HashSet<string> Launches { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that it was brought about or gone on with by, in order; of a helper whose call is not known, none.</summary>
    public List<(ClaudeThread Thread, ClaudeCall Call)> Causes { get; } = [];

    /// <summary>The new histories that kept something of the one before, by the last line of that.</summary>
    public Dictionary<string, ClaudeUnit> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>Where its conversation is.</summary>
    public ClaudeUnit? Tip { get; set; }

    /// <summary>Gives the calls and results of a line ids that no other one of the thread has.</summary>
    public void TakeIds(ClaudeLine line)
    {
        if (line.Items.All(static item => item.CallId is null))
        {
            return;
        }

        // Calls and results stand in the order of their items; those without an id are no calls of ours.
        var taken = line.Items.Select(item => (Log: item, Own: callIds.Take(item))).ToList();
        line.Items = taken.Select(static entry => entry.Own).ToArray();
        line.Calls = line.Calls.Select(call => call with { Use = call.Use.Under(taken.Find(entry => entry.Log == call.Item).Own?.CallId ?? call.Use.CallId) }).ToArray();
        line.Results = line.Results.Select(result => taken.Find(entry => entry.Log == result.Item).Own is { } own ? result with { CallId = own.CallId!, Item = own } : result).ToArray();
    }
}
