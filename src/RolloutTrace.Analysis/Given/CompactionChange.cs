using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Given;

/// <summary>What a compaction made of a history: what went, what stays though it is a new item of the state, and what came in its place.</summary>
internal sealed class CompactionChange
{
    private readonly OpenRollout rollout;

    public CompactionChange(OpenRollout rollout, RecordedCompaction compaction)
    {
        this.rollout = rollout;
        var before = compaction.InputItemIds.Select(Item).ToList();
        var left = new Dictionary<(ConversationItemKind, ConversationRole, string?, string), Queue<ConversationItem>>();
        foreach (var item in before)
        {
            var key = KeyOf(item);
            if (!left.TryGetValue(key, out var same))
            {
                left.Add(key, same = new Queue<ConversationItem>());
            }

            same.Enqueue(item);
        }

        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in compaction.ReplacementItemIds.Select(Item))
        {
            // A payload's id is in the text of what refers to one.
            if (left.TryGetValue(KeyOf(item), out var same) && same.TryDequeue(out var was))
            {
                kept.Add(was.ItemId);
                Kept.Add((was, item));
            }
            else
            {
                New.Add(item);
            }
        }

        Gone = [.. before.Where(item => !kept.Contains(item.ItemId))];
        BytesBefore = before.Sum(BytesOf);
        BytesAfter = compaction.ReplacementItemIds.Sum(id => BytesOf(Item(id)));
        if (rollout.Facts.CompactionSeqs.TryGetValue(compaction.CompactionId, out var seq))
        {
            var answered = rollout.Index.RequestsOfThread(compaction.ThreadId).Where(static request => request.Usage is not null).ToList();
            TokensBefore = answered.LastOrDefault(request => request.Execution.StartedSeq < seq)?.Usage?.InputTokens;
            TokensAfter = answered.Find(request => request.Execution.StartedSeq > seq)?.Usage?.InputTokens;
        }
    }

    /// <summary>The items that the model sees no more.</summary>
    public IReadOnlyList<ConversationItem> Gone { get; }

    /// <summary>The items that it sees on, as they were and as they are.</summary>
    public List<(ConversationItem Was, ConversationItem Is)> Kept { get; } = [];

    /// <summary>The items that it sees instead: the summary.</summary>
    public List<ConversationItem> New { get; } = [];

    /// <summary>Length of the history before in bytes of UTF-8.</summary>
    public long BytesBefore { get; }

    /// <summary>Length of the history after in bytes of UTF-8.</summary>
    public long BytesAfter { get; }

    /// <summary>Tokens of the input of the last request before that says so; null if none does.</summary>
    public long? TokensBefore { get; }

    /// <summary>Tokens of the input of the first request behind that says so; null if none does.</summary>
    public long? TokensAfter { get; }

    /// <summary>Length of an item in bytes of UTF-8.</summary>
    public long BytesOf(ConversationItem item) => rollout.Contents.FactOf(item.ItemId).Bytes;

    private static (ConversationItemKind, ConversationRole, string?, string) KeyOf(ConversationItem item) =>
        (item.Kind, item.Role, item.CallId, string.Join('\n', item.Body.Parts.Select(static part => part is PayloadReferencePart reference ? reference.Label : ItemText.Of(part))));

    private ConversationItem Item(string id) => rollout.Graph.ConversationItems[id];
}
