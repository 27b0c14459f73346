namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// Of which threads the requests' entries are found while requests are read ahead: of those that send them in another order each time, so that each entry has to be
/// looked for, and replay would be what all wait for. Replay says which, and the thread that reads ahead asks.
/// </summary>
internal sealed class EntriesAhead
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Expected> expected = new(StringComparer.Ordinal);
    private readonly Stack<FoundEntries> free = new();

    /// <summary>Of requests with fewer entries none are found ahead, since nothing is gained.</summary>
    public int FewestEntries { get; init; } = 32;

    /// <summary>Notes how a request's entries were found.</summary>
    /// <param name="threadId">Its thread.</param>
    /// <param name="lookedFor">How many stood elsewhere before, so that each was looked for.</param>
    /// <param name="entries">How many there are.</param>
    /// <param name="listStart">Where their list began.</param>
    /// <param name="by">By what they are looked for.</param>
    public void Note(string threadId, int lookedFor, int entries, int listStart, EntryKey by)
    {
        var isExpected = entries >= FewestEntries && lookedFor > entries / 2;
        lock (gate)
        {
            if (isExpected)
            {
                expected[threadId] = new Expected(listStart, by);
            }
            else if (expected.Count > 0)
            {
                expected.Remove(threadId);
            }
        }
    }

    /// <summary>The entries of a request; null where they are not to be found ahead.</summary>
    public FoundEntries? Find(string threadId, ReadOnlySpan<byte> request)
    {
        Expected? how;
        FoundEntries? entries;
        lock (gate)
        {
            if (!expected.TryGetValue(threadId, out how))
            {
                return null;
            }

            entries = free.TryPop(out var used) ? used : new FoundEntries();
        }

        entries.Find(request, how.ListStart, how.By);
        return entries;
    }

    /// <summary>Nobody asks for some entries any more, and their memory is used again.</summary>
    public void Return(FoundEntries? entries)
    {
        if (entries is null)
        {
            return;
        }

        lock (gate)
        {
            free.Push(entries);
        }
    }

    private sealed record Expected(int ListStart, EntryKey By);
}
