using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// What items say, whole: the state has only the beginning of a long JSON value and none of an image, which stand in the payload that
/// showed them first. Each payload is read once.
/// </summary>
internal sealed class WholeItems(OpenRollout rollout)
{
    private readonly Dictionary<string, string> found = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly WireItems items = new();
    private readonly Dictionary<string, IdList> requests = Of(rollout, static call => call.RawRequestPayloadId, static call => call.RequestItemIds);
    private readonly Dictionary<string, IdList> responses = Of(rollout, static call => call.RawResponsePayloadId, static call => call.ResponseItemIds);

    /// <summary>What an item says, whole where it can be read; parts that only the provider can read are named.</summary>
    public string Of(ConversationItem item)
    {
        foreach (var part in item.Body.Parts)
        {
            if (PayloadOf(part) is { } payloadId)
            {
                Read(payloadId);
            }
        }

        return found.TryGetValue(item.ItemId, out var whole) ? whole : Said(item);
    }

    private static string Said(ConversationItem item)
    {
        var text = new StringBuilder();
        foreach (var part in item.Body.Parts)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(part switch
            {
                EncodedPart encoded => $"[{encoded.Label}]",
                PayloadReferencePart reference => $"[{reference.Label}]",
                _ => ItemText.Of(part),
            });
        }

        return text.ToString();
    }

    private static Dictionary<string, IdList> Of(OpenRollout rollout, Func<InferenceCall, string?> payload, Func<InferenceCall, IdList> items)
    {
        var lists = new Dictionary<string, IdList>(StringComparer.Ordinal);
        foreach (var call in rollout.Graph.InferenceCalls.Values)
        {
            if (payload(call) is { } id)
            {
                lists.TryAdd(id, items(call));
            }
        }

        return lists;
    }

    private static string? PayloadOf(ConversationPart part) => part switch
    {
        JsonPart { Summary: [.., '.', '.', '.'] } json => json.RawPayloadId,
        PayloadReferencePart reference => reference.RawPayloadId,
        _ => null,
    };

    private void Read(string payloadId)
    {
        if (!read.Add(payloadId) || !rollout.Graph.RawPayloads.TryGetValue(payloadId, out var reference))
        {
            return;
        }

        rollout.Payloads?.Document(reference, document =>
        {
            items.Clear();
            if (requests.TryGetValue(payloadId, out var ids))
            {
                Dialects.ReadList(Dialects.ListOf(document), Dialects.OfRequest(document), items);
                Take(ids, payloadId);
            }
            else if (responses.TryGetValue(payloadId, out ids))
            {
                Dialects.ReadResponse(document, items);
                Take(ids, payloadId);
            }

            return payloadId;
        });
    }

    // Where the wire has other items than the state, it is not known which is which. An incremental request has the last ones.
    private void Take(IdList ids, string payloadId)
    {
        var wire = new List<WireItem>();
        foreach (var item in items)
        {
            if (item.Kind != WireItemKind.ToolDefinitions)
            {
                wire.Add(item);
            }
        }

        var start = ids.Count - wire.Count;
        for (var i = 0; start >= 0 && i < wire.Count; i++)
        {
            var item = rollout.Graph.ConversationItems[ids[start + i]];
            if (item.Body.Parts.Any(part => string.Equals(PayloadOf(part), payloadId, StringComparison.Ordinal)))
            {
                found.TryAdd(item.ItemId, TextOf(wire[i]));
            }
        }
    }

    private static string TextOf(WireItem item)
    {
        var value = item.Content.ValueKind != JsonValueKind.Undefined ? item.Content
            : JsonText.Member(item.Source, "content") is { ValueKind: not JsonValueKind.Undefined } content ? content
            : item.Source;
        return JsonText.OrNull(value) ?? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
    }
}
