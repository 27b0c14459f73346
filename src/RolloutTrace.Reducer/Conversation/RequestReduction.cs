using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Reducer.Runtime;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>Resolves the input of a model request to conversation items.</summary>
internal sealed class RequestReduction(
    ReplayState state,
    PayloadReader payloads,
    ItemNormalizer normalizer,
    ItemSightings sightings,
    ToolCallLinks toolLinks)
{
    private static readonly JsonDocumentOptions ItemOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly List<ItemContent> contents = [];

    /// <summary>The items that the request of <paramref name="sighting"/> showed to the model; they become the thread's snapshot.</summary>
    public IdList Reduce(in Sighting sighting)
    {
        var conversation = state.ConversationOf(sighting.ThreadId);
        var bytes = payloads.ReadBytes(sighting.Payload);
        try
        {
            var layout = RequestLayout.Of(bytes.Span, conversation.Repeated, sighting.Payload.RawPayloadId);
            IdList items;
            if (layout.PreviousResponseId is { } previous)
            {
                items = Incremental(sighting, conversation, layout, bytes, PrefixOf(sighting.ThreadId, previous));
            }
            else
            {
                items = Full(sighting, conversation, layout, bytes);
                conversation.Baseline.Value = null;
                conversation.Repeated.Replace(layout, bytes, items);
                bytes = null;
            }

            conversation.Snapshot.Value = items;
            return items;
        }
        finally
        {
            bytes?.Dispose();
        }
    }

    // What the model remembers by itself: the request that the response answered, and the response.
    private IdList PrefixOf(string threadId, string responseId)
    {
        var call = state.InferencesByResponse.Find(new ThreadLocalId(threadId, responseId))?.Min(StringComparer.Ordinal)
            ?? throw ReductionFault.Contradiction($"an incremental request continues the unknown response {responseId}");
        return state.Inferences[call].RequestItemIds.Append(state.Inferences[call].ResponseItemIds);
    }

    private IdList Incremental(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes, IdList items)
    {
        var history = conversation.Snapshot.Value;
        for (var i = 0; i < layout.RepeatedEntries + layout.NewEntries.Count; i++)
        {
            foreach (var content in Normalize(sighting, conversation, layout, bytes, i))
            {
                items = items.Append(sightings.AppendOnly(sighting, history, items.Count, content, producer: null));
            }
        }

        return items;
    }

    private IdList Full(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes)
    {
        var repeated = conversation.Repeated;
        var history = conversation.Baseline.Value ?? conversation.Snapshot.Value;
        var mayRepeat = conversation.Baseline.Value is null && repeated.IsKnown && history.StartsWith(repeated.ItemIds);
        var matcher = new HistoryMatcher(conversation, state.SameItem, history);
        var items = IdList.Empty;
        for (var i = 0; i < layout.RepeatedEntries + layout.NewEntries.Count; i++)
        {
            if (mayRepeat && i < layout.RepeatedEntries && repeated.Entries.NextComparedByPayload(i, layout.RepeatedEntries) is var next && next > i)
            {
                i = next - 1;
                items = Repeat(history, items, repeated.Entries.ItemsThrough(i), matcher);
                continue;
            }

            var refersToPayload = false;
            foreach (var content in Normalize(sighting, conversation, layout, bytes, i))
            {
                items = items.Append(Resolve(sighting, content, history, items, matcher));
                refersToPayload |= content.RefersToPayload;
            }

            if (i >= layout.RepeatedEntries)
            {
                layout.NewEntries.Resolve(items.Count, refersToPayload);
            }
        }

        return items;
    }

    // Nothing can follow from seeing such items again, except where a link was waiting for just that.
    private IdList Repeat(IdList history, IdList items, int through, HistoryMatcher matcher)
    {
        for (var i = items.Count; toolLinks.AnyUnsettled && i < through; i++)
        {
            toolLinks.Settle(state.Items[history[i]]);
        }

        if (history.StartsWith(items))
        {
            for (var i = items.Count; matcher.IsTracking && i < through; i++)
            {
                matcher.Use(history[i]);
            }

            return history.Take(through);
        }

        while (items.Count < through)
        {
            matcher.Use(history[items.Count]);
            items = items.Append(history[items.Count]);
        }

        return items;
    }

    private string Resolve(in Sighting sighting, ItemContent content, IdList history, IdList items, HistoryMatcher matcher)
    {
        var id = items.Count < history.Count && sightings.IsSame(history[items.Count], content)
            ? history[items.Count]
            : matcher.FirstUnused(content, items);
        if (id is null)
        {
            id = sightings.Create(sighting, content, producer: null);
        }
        else
        {
            sightings.SeeAgain(sighting, id, content);
        }

        matcher.Use(id);
        return id;
    }

    // An entry stands for one item mostly; the list is used again for the next entry.
    private List<ItemContent> Normalize(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes, int index)
    {
        var (entries, at) = index < layout.RepeatedEntries
            ? (conversation.Repeated.Entries, index)
            : (layout.NewEntries, index - layout.RepeatedEntries);
        var entry = bytes.Memory[(layout.InputStart + entries.Start(at))..(layout.InputStart + entries.End(at))];
        using var item = JsonDocument.Parse(entry, ItemOptions);
        contents.Clear();
        foreach (var wire in normalizer.Read(item.RootElement, layout.Dialect))
        {
            if (normalizer.Normalize(wire, sighting.Payload.RawPayloadId) is { } content)
            {
                contents.Add(content);
            }
        }

        return contents;
    }
}
