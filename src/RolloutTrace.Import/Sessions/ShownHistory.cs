namespace RolloutTrace.Import.Sessions;

/// <summary>
/// What a thread's model was shown last, and how the next request can be told: whole, or as what it adds to the response before. Whole is
/// easier to read; but the sum of whole requests grows with the square of a session, and what is told from others by its payload,
/// such as an image, may not be shown twice.
/// </summary>
internal sealed class ShownHistory
{
    private const int MostBytesWhole = 64 << 10;

    private History lastRequest = History.None;
    private History? continued;
    private string? continuedId;
    private int shownBehind;

    /// <summary>A compaction took the place of what was shown.</summary>
    public void Compacted()
    {
        continued = null;
        lastRequest = History.None;
    }

    /// <summary>Whether a request's history lacks something that the request before it had.</summary>
    public bool IsRewound(History seen) => !lastRequest.IsBeginningOf(seen);

    /// <summary>The response that a request can be told to continue, and how many items of its history that stands for; null if it is to be told whole.</summary>
    public (string ResponseId, int Count)? Continues(History seen)
    {
        if (continued is null || (seen.Bytes <= MostBytesWhole && !seen.RefersToPayload) || !continued.IsBeginningOf(seen))
        {
            return null;
        }

        // What a failed request showed behind the response stands there already, and must be the same.
        var again = seen.Behind(continued.Count).Take(shownBehind);
        return again.Any(static item => item.RefersToPayload) ? null : (continuedId!, continued.Count);
    }

    /// <summary>A request was made.</summary>
    /// <param name="seen">What it showed.</param>
    /// <param name="responseId">The id of its response, if it has completed; null otherwise.</param>
    /// <param name="answered">What was answered.</param>
    public void Add(History seen, string? responseId, IReadOnlyList<HistoryItem> answered)
    {
        lastRequest = seen;
        if (responseId is not null)
        {
            continued = seen.With(answered);
            continuedId = responseId;
            shownBehind = 0;
        }
        else if (continued is not null)
        {
            shownBehind = Math.Max(0, seen.Count + answered.Count - continued.Count);
        }
    }
}
