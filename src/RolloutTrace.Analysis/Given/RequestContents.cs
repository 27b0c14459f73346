using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Given;

/// <summary>
/// What stands in the payloads of requests and not in the state. Read in one pass over the payloads, of which no more than two are open
/// at a time; what a request repeats of the one before it is compared and not read again.
/// </summary>
internal sealed class RequestContents
{
    private readonly OpenRollout rollout;
    private readonly WireItems items = new();
    private readonly Dictionary<string, RequestGiven> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GivenChange> changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InferenceCall> answeredBefore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemDifference> differences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemFact> facts = new(StringComparer.Ordinal);

    /// <summary>Reads all requests of a rollout; nothing where there is no bundle.</summary>
    public RequestContents(OpenRollout rollout)
    {
        this.rollout = rollout;
        if (rollout.Bundle is not { } bundle)
        {
            return;
        }

        foreach (var thread in rollout.Graph.Threads.Keys)
        {
            Read(bundle, rollout.Index.RequestsOfThread(thread));
        }
    }

    /// <summary>What a request gave; null if that is not known.</summary>
    public RequestGiven? GivenOf(string requestId) => given.GetValueOrDefault(requestId);

    /// <summary>What a request gave otherwise than the one before it; null if nothing, or if that is not known.</summary>
    public GivenChange? ChangeOf(string requestId) => changes.GetValueOrDefault(requestId);

    /// <summary>The last request before in the thread that was answered; null if there is none, or if it is not known what one of the two showed.</summary>
    public InferenceCall? AnsweredBefore(string requestId) => answeredBefore.GetValueOrDefault(requestId);

    /// <summary>The first item in which a request differs from <see cref="AnsweredBefore"/>; null if there is none on the wire.</summary>
    public ItemDifference? DifferenceOf(string requestId) => differences.GetValueOrDefault(requestId);

    /// <summary>What is known of an item: from the wire, or from the state where the wire does not tell.</summary>
    public ItemFact FactOf(string itemId)
    {
        if (facts.TryGetValue(itemId, out var fact))
        {
            return fact;
        }

        long bytes = 0;
        foreach (var part in rollout.Graph.ConversationItems[itemId].Body.Parts)
        {
            bytes += part switch
            {
                PayloadReferencePart => 0,
                EncodedPart encoded => Encoding.UTF8.GetByteCount(encoded.Value),
                _ => Encoding.UTF8.GetByteCount(ItemText.Of(part)),
            };
        }

        return new ItemFact(bytes, Name: null);
    }

    private void Read(BundleReader bundle, IReadOnlyList<InferenceCall> requests)
    {
        PayloadReference? PayloadOf(InferenceCall request) => rollout.Graph.RawPayloads.GetValueOrDefault(request.RawRequestPayloadId);

        using var ahead = new PayloadsAhead(bundle, [.. requests.Select(PayloadOf).OfType<PayloadReference>()]);
        RequestGiven? before = null;
        (InferenceCall Call, RequestPayload Payload)? answered = null;
        foreach (var request in requests)
        {
            var payload = PayloadOf(request) is not null && ahead.Take() is { } bytes ? RequestPayload.Read(bytes, answered?.Payload) : null;
            var isKnown = payload is not null && !rollout.Facts.UnknownRequests.ContainsKey(request.InferenceCallId);
            if (payload is not null)
            {
                var gave = before is not null && before.InferenceCallId == answered?.Call.InferenceCallId && payload.GivesAs(answered.Value.Payload)
                    ? before with { InferenceCallId = request.InferenceCallId }
                    : payload.ReadGiven(request.InferenceCallId, before);
                given.TryAdd(request.InferenceCallId, gave);
                if (before is not null && GivenChanges.Find(before, gave) is { } change)
                {
                    changes.TryAdd(request.InferenceCallId, change);
                }

                before = gave;
                if (!payload.IsWhole && answered?.Call is { } continued)
                {
                    AddResponse(continued);
                }

                var found = payload.ReadItems(answered?.Payload, items, out var same);
                AddItems(request, same, found, payload.IsWhole, answered?.Call);
                if (isKnown && answered is { } last)
                {
                    answeredBefore.TryAdd(request.InferenceCallId, last.Call);
                    if (payload.DifferenceFrom(last.Payload) is { } difference)
                    {
                        differences.TryAdd(request.InferenceCallId, difference);
                    }
                }
            }

            if (request.Execution.Status != ExecutionStatus.Completed)
            {
                payload?.Dispose();
                continue;
            }

            answered?.Payload.Dispose();
            answered = isKnown ? (request, payload!) : null;
            if (!isKnown)
            {
                payload?.Dispose();
            }
        }

        answered?.Payload.Dispose();

        // What no later request sent back, as the last response of a thread.
        foreach (var request in requests)
        {
            AddResponse(request);
        }
    }

    // Where the wire has other items than the state, it is not known which is which.
    private void AddItems(InferenceCall request, int same, List<ItemFact> found, bool isWhole, InferenceCall? before)
    {
        var ids = request.RequestItemIds;
        var start = ids.Count - same - found.Count;
        if (start < 0 || (isWhole && start > 0))
        {
            return;
        }

        // Mostly a request goes on where the one before ended: what is the same on the wire is then the same item.
        if (same > 0 && !ids.StartsWith(before!.RequestItemIds))
        {
            for (var i = 0; i < same && i < before.RequestItemIds.Count; i++)
            {
                if (ids[start + i] is var id && before.RequestItemIds[i] is var other && !string.Equals(id, other, StringComparison.Ordinal))
                {
                    // A compaction makes new items of what it keeps.
                    facts.TryAdd(id, FactOf(other));
                }
            }
        }

        for (var i = 0; i < found.Count; i++)
        {
            facts.TryAdd(ids[start + same + i], found[i]);
        }
    }

    // What is continued by its id is not sent again: only the response has it.
    private void AddResponse(InferenceCall request)
    {
        if (request.ResponseItemIds.Count == 0
            || facts.ContainsKey(request.ResponseItemIds[0])
            || request.RawResponsePayloadId is not { } id
            || !rollout.Graph.RawPayloads.TryGetValue(id, out var reference))
        {
            return;
        }

        var found = rollout.Payloads!.Document(reference, FactsOf) ?? [];
        for (var i = 0; i < found.Count && found.Count == request.ResponseItemIds.Count; i++)
        {
            facts.TryAdd(request.ResponseItemIds[i], found[i]);
        }
    }

    private List<ItemFact> FactsOf(JsonElement response)
    {
        items.Clear();
        Dialects.ReadResponse(response, items);
        var found = new List<ItemFact>();
        foreach (var item in items)
        {
            if (item.Kind != WireItemKind.ToolDefinitions)
            {
                found.Add(RequestPayload.FactOf(item));
            }
        }

        return found;
    }
}
