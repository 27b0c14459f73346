using RolloutTrace.Analysis.Given;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Caching;

/// <summary>Finds the first thing in which two requests of a thread differ, in the order in which a model is shown it.</summary>
internal sealed class RequestComparison(OpenRollout rollout)
{
    private readonly Dictionary<string, SortedList<long, string>> compactions = Compactions(rollout);

    /// <summary>The first difference; null if the later request only adds to the earlier.</summary>
    public RequestDifference? FirstDifference(InferenceCall before, InferenceCall now)
    {
        var (was, given) = (rollout.GivenOf(before), rollout.GivenOf(now));
        return Model(before, now)
            ?? (was is null || given is null ? null : Head(was, given))
            ?? Compaction(before, now)
            ?? Item(before, now);
    }

    private static RequestDifference? Model(InferenceCall before, InferenceCall now) =>
        TextDifference.Find($"{before.ProviderName}/{before.Model}", $"{now.ProviderName}/{now.Model}") is { } change
            ? new RequestDifference(CacheMissCause.Model, Change: change)
            : null;

    private static RequestDifference? Head(RequestGiven before, RequestGiven now)
    {
        if (GivenChanges.Find(before, now) is not { } change)
        {
            return null;
        }

        if (change.Instructions is not null)
        {
            return new RequestDifference(CacheMissCause.Instructions, Change: change.Instructions);
        }

        if (change.AreToolsChanged)
        {
            return Tool(before, now);
        }

        return change.Parameters.FirstOrDefault(static parameter => CacheParameters.Has(parameter.Name)) is { } parameter
            ? new RequestDifference(CacheMissCause.Parameter, Subject: parameter.Name, Change: parameter.Change)
            : null;
    }

    private static RequestDifference? Tool(RequestGiven before, RequestGiven now)
    {
        for (var i = 0; i < Math.Max(before.Tools.Count, now.Tools.Count); i++)
        {
            var (was, tool) = (before.Tools.ElementAtOrDefault(i), now.Tools.ElementAtOrDefault(i));
            if (was is null || tool is null || was.Name != tool.Name)
            {
                var change = TextDifference.Find(was is null ? null : GivenChanges.NameOf(was), tool is null ? null : GivenChanges.NameOf(tool));
                return new RequestDifference(CacheMissCause.Tool, i, GivenChanges.NameOf(tool ?? was!), "name", change);
            }

            if (GivenChanges.Find(was, tool, before.Dialect == now.Dialect) is { } difference)
            {
                return new RequestDifference(CacheMissCause.Tool, i, GivenChanges.NameOf(tool), difference.Member, difference.Change);
            }
        }

        return null;
    }

    private RequestDifference? Compaction(InferenceCall before, InferenceCall now)
    {
        if (!compactions.TryGetValue(now.ThreadId, out var ofThread))
        {
            return null;
        }

        // The last one before the request, which is the one whose history it shows.
        var (low, high) = (0, ofThread.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ofThread.GetKeyAtIndex(middle) < now.Execution.StartedSeq ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && ofThread.GetKeyAtIndex(low - 1) > before.Execution.StartedSeq
            ? new RequestDifference(CacheMissCause.Compaction, Subject: ofThread.GetValueAtIndex(low - 1))
            : null;
    }

    // The wire tells more than the state, to which an item without its id is the same; where one of the two does not have all its items
    // on the wire, the state tells.
    private RequestDifference? Item(InferenceCall before, InferenceCall now)
    {
        if (rollout.Contents.DifferenceOf(now.InferenceCallId) is { } difference)
        {
            return new RequestDifference(
                CacheMissCause.Item,
                difference.Index,
                difference.Index < now.RequestItemIds.Count ? now.RequestItemIds[difference.Index] : null,
                difference.Member,
                difference.Change);
        }

        var same = Histories.CommonLength(rollout.Graph, before.RequestItemIds, now.RequestItemIds);
        if (same >= Math.Min(before.RequestItemIds.Count, now.RequestItemIds.Count))
        {
            return null;
        }

        var (was, item) = (rollout.Graph.ConversationItems[before.RequestItemIds[same]], rollout.Graph.ConversationItems[now.RequestItemIds[same]]);
        return TextDifference.Find(ItemText.Of(was), ItemText.Of(item)) is { } change
            ? new RequestDifference(CacheMissCause.Item, same, item.ItemId, "text", change)
            : new RequestDifference(CacheMissCause.Item, same, item.ItemId);
    }

    private static Dictionary<string, SortedList<long, string>> Compactions(OpenRollout rollout)
    {
        var found = new Dictionary<string, SortedList<long, string>>(StringComparer.Ordinal);
        var seqs = rollout.Facts.CompactionSeqs;
        foreach (var id in seqs.Keys.OrderBy(id => seqs[id]))
        {
            if (rollout.Graph.Compactions.TryGetValue(id, out var compaction))
            {
                if (!found.TryGetValue(compaction.ThreadId, out var ofThread))
                {
                    found.Add(compaction.ThreadId, ofThread = []);
                }

                ofThread.TryAdd(seqs[id], id);
            }
        }

        return found;
    }
}
