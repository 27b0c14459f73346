namespace RolloutTrace.Collecting.Journal;

/// <summary>Where everything is in a journal: made when it is asked for, and given back.</summary>
internal sealed class JournalIndex
{
    private readonly Dictionary<long, OpenPayload> open = [];

    public Extent? Manifest { get; private set; }

    /// <summary>The lines of events by their seq.</summary>
    public Dictionary<long, Extent> Events { get; } = [];

    /// <summary>Payload files that are whole, by their numbers.</summary>
    public Dictionary<long, OpenPayload> Payloads { get; } = [];

    public static JournalIndex Of(JournalFile journal)
    {
        var index = new JournalIndex();
        foreach (var (head, body) in journal.Heads())
        {
            index.Add(head, body);
        }

        return index;
    }

    public void Add(in FrameHead head, Extent body)
    {
        switch (head.Kind)
        {
            case FrameKind.Manifest:
                Manifest = body;
                break;
            case FrameKind.Event:
                Events[head.Number] = body;
                break;
            case FrameKind.Chunk:
                AddChunk(head, body);
                break;
            case FrameKind.Dropped:
                open.Remove(head.Number);
                break;
        }
    }

    private void AddChunk(in FrameHead head, Extent body)
    {
        if (!open.TryGetValue(head.Number, out var payload))
        {
            open[head.Number] = payload = new OpenPayload(head.Facts!);
        }

        payload.Add(head.Chunk, body);
        if (payload.IsComplete)
        {
            open.Remove(head.Number);
            Payloads[head.Number] = payload;
        }
    }
}
