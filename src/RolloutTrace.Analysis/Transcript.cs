using RolloutTrace.Reducer;


namespace RolloutTrace.Analysis;

/// <summary>What a model saw, in order.</summary>
public sealed record Transcript
{
    /// <summary>The thread whose transcript it is.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The request whose input it is; null if it is the whole thread's.</summary>
    public string? InferenceCallId { get; init; }

    /// <summary>What the request gave beside its items; null if that is not known, and for anything but the whole input of a request.</summary>
    public RequestGiven? Given { get; init; }

    /// <summary>The items, in order.</summary>
    public required IReadOnlyList<TranscriptEntry> Entries { get; init; }

    /// <summary>
    /// Everything that was said in a thread, in the order in which it was first seen, each thing once: a message with an image, which is
    /// another item in each request, stands where it was sent first. A compaction marker stands where
    /// the history before it gave way to the one behind it.
    /// </summary>
    public static Transcript OfThread(OpenRollout rollout, AgentThread thread)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(thread);
        return new Transcript { ThreadId = thread.ThreadId, Entries = EntriesOf(rollout.Index, thread.ConversationItemIds.Where(id => !rollout.Index.IsRepetition(id))) };
    }

    /// <summary>The exact input of a request, with what it gave beside its items.</summary>
    public static Transcript At(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        return new Transcript
        {
            ThreadId = request.ThreadId,
            InferenceCallId = request.InferenceCallId,
            Given = rollout.GivenOf(request),
            Entries = EntriesOf(rollout.Index, request.RequestItemIds),
        };
    }

    /// <summary>What a request added to the input of the one before it in its thread; all of it for the first.</summary>
    public static Transcript NewAt(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var before = rollout.Index.RequestBefore(request)?.RequestItemIds ?? IdList.Empty;
        return new Transcript
        {
            ThreadId = request.ThreadId,
            InferenceCallId = request.InferenceCallId,
            Entries = EntriesOf(rollout.Index, Histories.Added(rollout.Graph, before, request.RequestItemIds)),
        };
    }

    /// <summary>What a request left out of the input of the one before it in its thread; nothing for the first.</summary>
    public static Transcript GoneAt(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var before = rollout.Index.RequestBefore(request)?.RequestItemIds ?? IdList.Empty;
        var gone = request.RequestItemIds.StartsWith(before) ? [] : Histories.Added(rollout.Graph, request.RequestItemIds, before);
        return new Transcript { ThreadId = request.ThreadId, InferenceCallId = request.InferenceCallId, Entries = EntriesOf(rollout.Index, gone) };
    }

    private static List<TranscriptEntry> EntriesOf(RolloutIndex index, IEnumerable<string> ids)
    {
        var entries = new List<TranscriptEntry>();
        foreach (var id in ids)
        {
            var item = index.Graph.ConversationItems[id];
            entries.Add(new TranscriptEntry
            {
                Item = item,
                Text = ItemText.Of(item),
                ToolCallId = index.ToolOf(id)?.ToolCallId,
                CompactionId = item.Kind == ConversationItemKind.CompactionMarker
                    ? item.ProducedBy.OfType<CompactionProducer>().FirstOrDefault()?.CompactionId
                    : null,
            });
        }

        return entries;
    }
}
