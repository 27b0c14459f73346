using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>Resolves the input of a model request to conversation items.</summary>
internal sealed class RequestReduction(
    ReplayState state,
    Conversations conversations,
    PayloadReader payloads,
    Tolerance tolerance,
    ItemNormalizer normalizer,
    ItemSightings sightings,
    EntriesAhead ahead,
    bool recognises)
{
    private static readonly JsonDocumentOptions ItemOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly List<ItemContent> contents = [];
    private bool isPlain;

    /// <summary>What the request of <paramref name="sighting"/> showed to the model; it becomes the thread's snapshot.</summary>
    public ShownHistory Reduce(in Sighting sighting)
    {
        var conversation = conversations.Of(sighting.ThreadId);
        var (bytes, layout) = Open(sighting.Payload, conversation);
        try
        {
            History history;
            var items = IdList.Empty;
            if (layout is null)
            {
                history = conversation.Snapshot.Value.Lost(Payload.CauseOf(sighting.Payload.RawPayloadId));
            }
            else if (tolerance.HeedsMarkers && layout.ReplacedBecause is { } reason)
            {
                var isPart = layout is { HasInput: true, IsShortForm: false, PreviousResponseId: null } && layout.RepeatedEntries + layout.NewEntries.Count > 0;
                var defect = RecorderMarker.Defect(sighting.Payload.RawPayloadId, reason, isPart);
                tolerance.Accept(defect);
                if (isPart)
                {
                    // What remains of it was shown, and it is not known what else was.
                    items = Full(sighting, conversation, layout, bytes!);
                    history = History.Known(items).Lost(defect.Cause!);
                }
                else
                {
                    history = conversation.Snapshot.Value.Lost(defect.Cause!);
                }
            }
            else if (!layout.HasInput || (layout.IsShortForm && !tolerance.TakesShortForms))
            {
                var defect = UnknownDialect(sighting.Payload.RawPayloadId);
                tolerance.Accept(defect);
                history = conversation.Snapshot.Value.Lost(defect.Cause!);
            }
            else if (layout.PreviousResponseId is { } previous)
            {
                history = Incremental(sighting, conversation, layout, bytes!, PrefixOf(sighting, conversation, previous));
                items = history.LastKnown;
            }
            else
            {
                items = Full(sighting, conversation, layout, bytes!);
                history = History.Known(items);
                conversation.Baseline.Value = null;
                if (recognises)
                {
                    conversation.Repeated.Replace(layout, bytes!, items);
                    ahead.Note(sighting.ThreadId, layout.LookedFor, layout.RepeatedEntries + layout.NewEntries.Count, layout.InputStart, conversation.Repeated.Member.Key);
                    bytes = null;
                }
            }

            conversation.Snapshot.Value = history;
            return new ShownHistory(history, items);
        }
        finally
        {
            bytes?.Dispose();
        }
    }

    // Nobody knows what such a request showed to the model.
    private static Defect UnknownDialect(string payloadId) => new()
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.UnknownDialect,
        What = $"the request in payload {payloadId} has no list '{Dialects.Default.RequestList}'",
        Kept = "nor is it in another dialect that is known, so what it showed to the model is not known",
        Cause = $"dialect of {payloadId}",
    };

    // Null where what was sent cannot be read, and replay goes on without it.
    private (PayloadBytes? Bytes, RequestLayout? Layout) Open(PayloadReference payload, ThreadConversation conversation)
    {
        PayloadBytes? bytes = null;
        FoundEntries? found = null;
        try
        {
            bytes = payloads.ReadRequest(payload, out found);
            return (bytes, RequestLayout.Of(bytes.Span, conversation.Repeated, payload.RawPayloadId, found));
        }
        catch (ReductionFault fault)
        {
            bytes?.Dispose();
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = bytes is null ? DiagnosticCodes.PayloadMissing : fault.Code,
                What = fault.Message,
                Kept = "the request is kept, and what it showed the model is unknown",
                Cause = Payload.CauseOf(payload.RawPayloadId),
            });
            return default;
        }
        finally
        {
            ahead.Return(found);
        }
    }

    // What the model remembers by itself: the request that the response answered, and the response.
    private History PrefixOf(in Sighting sighting, ThreadConversation conversation, string responseId)
    {
        var call = state.InferencesByResponse.Find(new ThreadLocalId(sighting.ThreadId, responseId))?.Min(StringComparer.Ordinal);
        if (call is null)
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.UnknownResponse,
                FaultCode = DiagnosticCodes.Contradiction,
                What = $"an incremental request continues the unknown response {responseId}",
                Kept = "what it adds follows what the thread's history was by then",
                Cause = conversation.Snapshot.Value.Cause ?? $"response {responseId}",
            });
            return conversation.Snapshot.Value;
        }

        var known = History.Known(state.Inferences[call].RequestItemIds.Append(state.Inferences[call].ResponseItemIds));
        return (state.UnknownRequests.Find(call) ?? state.UnknownResponses.Find(call)) is { } cause ? known.Lost(cause) : known;
    }

    private History Incremental(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes, History prefix)
    {
        // Where it is not known what the model remembers, what is known to have been before is what the new items follow.
        var begun = prefix.IsKnown ? prefix : conversation.Snapshot.Value.Lost(prefix.Cause!);
        var resolver = sightings.Resolve(sighting, conversation.Snapshot.Value, begun.LastKnown);
        for (var i = 0; i < layout.RepeatedEntries + layout.NewEntries.Count; i++)
        {
            foreach (var content in Normalize(sighting, conversation, layout, bytes, i))
            {
                resolver.AtPlace(content);
            }
        }

        return begun.GrownTo(resolver.Items);
    }

    private IdList Full(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes)
    {
        var repeated = conversation.Repeated;
        var history = conversation.Baseline.Value ?? conversation.Snapshot.Value;
        var mayLook = repeated.IsKnown && repeated.Dialect == layout.Dialect;
        var mayRepeat = mayLook && conversation.Baseline.Value is null && history.LastKnown.StartsWith(repeated.ItemIds);
        var resolver = sightings.Resolve(sighting, history);
        for (var i = 0; i < layout.RepeatedEntries; i++)
        {
            if (mayRepeat && repeated.Entries.NextComparedByPayload(i, layout.RepeatedEntries) is var next && next > i)
            {
                i = next - 1;
                resolver.Repeat(repeated.Entries.ItemsThrough(i));
                continue;
            }

            foreach (var content in Normalize(sighting, conversation, layout, bytes, i))
            {
                resolver.AtPlaceOrAnywhere(content);
            }
        }

        for (var i = 0; i < layout.NewEntries.Count; i++)
        {
            if (!(mayLook && TryRepeat(sighting.ThreadId, conversation, layout.NewEntries, i, resolver)))
            {
                Read(sighting, conversation, layout, bytes, i, resolver);
            }
        }

        return resolver.Items;
    }

    // An entry that says what one of the last request's says stands for the items that that one stood for.
    private bool TryRepeat(string threadId, ThreadConversation conversation, InputEntries entries, int index, ItemResolver resolver)
    {
        var repeated = conversation.Repeated;
        var known = entries.KnownAs(index);
        if (known < 0 || !repeated.Entries.IsPlain(known))
        {
            return false;
        }

        var (start, end) = (repeated.Entries.ItemsBefore(known), repeated.Entries.ItemsThrough(known));
        if (!resolver.TryRepeat(repeated.ItemIds, start, end) && !(end - start == 1 && TryFind(threadId, conversation.Marks.Doubled(repeated.ItemIds.Numbers[start]), resolver)))
        {
            return false;
        }

        entries.Resolve(resolver.Count, byPayload: false);
        return true;
    }

    // Where others say the same, which of them it is has to be found, but what they say is known.
    private bool TryFind(string threadId, ItemContent? content, ItemResolver resolver) =>
        content is not null
        && (content.CallId is null || !state.ReusedCallIds.Contains(new ThreadLocalId(threadId, content.CallId)))
        && resolver.TryFind(content);

    private void Read(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes, int index, ItemResolver resolver)
    {
        var refersToPayload = false;
        foreach (var content in Normalize(sighting, conversation, layout, bytes, layout.RepeatedEntries + index))
        {
            resolver.AtPlaceOrAnywhere(content);
            refersToPayload |= content.RefersToPayload;
            isPlain &= content.LinkName is null && !state.ReusedCallIds.Contains(new ThreadLocalId(sighting.ThreadId, content.CallId ?? ""));
        }

        layout.NewEntries.Resolve(resolver.Count, refersToPayload, isPlain);
    }

    // An entry stands for one item mostly; the list is used again for the next entry.
    private List<ItemContent> Normalize(in Sighting sighting, ThreadConversation conversation, RequestLayout layout, PayloadBytes bytes, int index)
    {
        var isNew = index >= layout.RepeatedEntries;
        var (entries, at) = isNew ? (layout.NewEntries, index - layout.RepeatedEntries) : (conversation.Repeated.Entries, index);
        var entry = bytes.Memory[(layout.InputStart + entries.Start(at))..(layout.InputStart + entries.End(at))];
        using var item = EscapedJson.Parse(entry, ItemOptions);
        contents.Clear();
        isPlain = true;
        var read = normalizer.Read(item.RootElement, layout.Dialect);
        foreach (var wire in read)
        {
            isPlain &= wire.Defect is null;
            if (normalizer.Normalize(wire, sighting.Payload.RawPayloadId) is { } content)
            {
                contents.Add(content);
            }
        }

        if (isNew && read.Count == 1 && item.RootElement.ValueKind == JsonValueKind.Object
            && conversation.Repeated.Member.Learn(entry.Span, read[0], layout.Dialect, entries.Left(at), conversation.Repeated.Known.Bytes(index)))
        {
            entries.NoteLoose(at);
        }

        return contents;
    }
}
