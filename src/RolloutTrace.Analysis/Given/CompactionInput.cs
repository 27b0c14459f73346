using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Given;

/// <summary>What a compaction's request showed the model, which the state does not keep.</summary>
internal sealed class CompactionInput
{
    private readonly OpenRollout rollout;
    private readonly RecordedCompactionRequest request;

    /// <summary>Reads a request; nothing where there is no bundle, and where its payload cannot be read.</summary>
    public CompactionInput(OpenRollout rollout, RecordedCompactionRequest request)
    {
        this.rollout = rollout;
        this.request = request;
        if (rollout.Bundle is not { } bundle
            || !rollout.Graph.RawPayloads.TryGetValue(request.RawRequestPayloadId, out var reference)
            || RequestPayload.Open(bundle, reference) is not { } payload)
        {
            return;
        }

        using (payload)
        {
            Given = payload.ReadGiven(request.CompactionRequestId, before: null);
            var facts = payload.ReadItems(other: null, new WireItems(), out _);
            var alone = RolloutReducer.Reduce(BundleReader.Open(new OneRequestFiles(bundle.Files, reference)));
            var own = alone.Graph.InferenceCalls[OneRequestFiles.RequestId].RequestItemIds.Select(id => alone.Graph.ConversationItems[id]).ToList();
            var history = History();
            List<(ConversationItem, ItemFact)> before = payload.IsWhole ? [] : [.. history.Select(item => (item, rollout.Contents.FactOf(item.ItemId)))];
            Items = [.. before, .. Known(own, history).Select((item, i) => (item, own.Count == facts.Count ? facts[i] : new ItemFact(0, Name: null)))];
            IsKnown = !alone.Facts.UnknownRequests.ContainsKey(OneRequestFiles.RequestId);
        }
    }

    /// <summary>What it gave beside its items; null if that is not known.</summary>
    public RequestGiven? Given { get; }

    /// <summary>The items, each with what the wire tells of it. One that nothing else in the rollout showed has an empty id.</summary>
    public IReadOnlyList<(ConversationItem Item, ItemFact Fact)> Items { get; } = [];

    /// <summary>Whether it is known what it showed.</summary>
    public bool IsKnown { get; }

    /// <summary>What the thread's model had last been shown and had answered before.</summary>
    public List<ConversationItem> History()
    {
        var ids = rollout.Graph.Compactions.TryGetValue(request.CompactionId, out var compaction) ? compaction.InputItemIds
            : rollout.Index.RequestsOfThread(request.ThreadId).LastOrDefault(before => before.Execution.StartedSeq < request.Execution.StartedSeq) is { } last
                ? last.RequestItemIds.Concat(last.ResponseItemIds)
            : IdList.Empty;
        return [.. ids.Select(id => rollout.Graph.ConversationItems[id])];
    }

    // In the order of the history, which a compaction may have shortened or gone beyond.
    private IEnumerable<ConversationItem> Known(List<ConversationItem> items, List<ConversationItem> history)
    {
        var next = 0;
        foreach (var item in items)
        {
            var found = history.FindIndex(next, item.SaysTheSameAs);
            if (found >= 0)
            {
                next = found + 1;
                yield return history[found];
            }
            else
            {
                yield return item with { ItemId = "", ThreadId = request.ThreadId, CodexTurnId = request.CodexTurnId, FirstSeenAtUnixMs = request.Execution.StartedAtUnixMs, ProducedBy = [] };
            }
        }
    }
}
