using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis;

/// <summary>
/// What items say, whole. Of a long JSON value the state has only the beginning; the rest is read from the payload that showed it first, each
/// payload once. Without a bundle, and where a payload cannot be read, the beginning is what there is. Not safe for concurrent use.
/// </summary>
public sealed class WholeItemText
{
    private const string Cut = "...";

    private readonly RolloutGraph graph;
    private readonly OpenRollout rollout;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Item, int Part), string> whole = [];
    private readonly Dictionary<string, IdList> requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdList> responses = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, RecordedCompaction>> compactions;
    private readonly WireItems items = new();

    /// <summary>Of a rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    public WholeItemText(OpenRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        this.rollout = rollout;
        graph = rollout.Graph;
        foreach (var call in graph.InferenceCalls.Values)
        {
            requests.TryAdd(call.RawRequestPayloadId, call.RequestItemIds);
            if (call.RawResponsePayloadId is { } response)
            {
                responses.TryAdd(response, call.ResponseItemIds);
            }
        }

        compactions = new Lazy<Dictionary<string, RecordedCompaction>>(() =>
        {
            var found = new Dictionary<string, RecordedCompaction>(StringComparer.Ordinal);
            foreach (var compaction in graph.Compactions.Values)
            {
                foreach (var id in compaction.InputItemIds.Concat(compaction.ReplacementItemIds))
                {
                    found.TryAdd(id, compaction);
                }
            }

            return found;
        });
    }

    /// <summary>
    /// The parts of an item, joined by line feeds: texts, summaries and code as they are, what only the provider can read as its value, JSON as
    /// compact JSON, and what is shown as a reference, such as an image, as its label in brackets.
    /// </summary>
    /// <param name="item">An item of the rollout.</param>
    public string Of(ConversationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return string.Join('\n', item.Body.Parts.Select((part, i) => Of(item, part, i)));
    }

    private string Of(ConversationItem item, ConversationPart part, int place)
    {
        switch (part)
        {
            case EncodedPart encoded:
                return encoded.Value;
            case PayloadReferencePart reference:
                return $"[{reference.Label}]";
            case JsonPart json when json.Summary.EndsWith(Cut, StringComparison.Ordinal):
                if (read.Add(json.RawPayloadId))
                {
                    Read(json.RawPayloadId, item);
                }

                return whole.GetValueOrDefault((item.ItemId, place), json.Summary);
            default:
                return ItemText.Of(part);
        }
    }

    private void Read(string payloadId, ConversationItem item)
    {
        if (!graph.RawPayloads.TryGetValue(payloadId, out var reference))
        {
            return;
        }

        rollout.Payloads?.Document(reference, root =>
        {
            if (requests.TryGetValue(payloadId, out var ids))
            {
                Take(Dialects.ListOf(root), Dialects.OfRequest(root), ids, payloadId);
            }
            else if (responses.TryGetValue(payloadId, out ids))
            {
                items.Clear();
                Dialects.ReadResponse(root, items);
                Take(ids, payloadId);
            }
            else if (reference.Kind == PayloadKind.CompactionCheckpoint && compactions.Value.TryGetValue(item.ItemId, out var compaction))
            {
                Take(JsonText.Member(root, PayloadMembers.InputHistory), Dialects.Default, compaction.InputItemIds, payloadId);
                Take(JsonText.Member(root, PayloadMembers.ReplacementHistory), Dialects.Default, compaction.ReplacementItemIds, payloadId);
            }

            return payloadId;
        });
    }

    private void Take(JsonElement list, Dialect dialect, IdList ids, string payloadId)
    {
        items.Clear();
        Dialects.ReadList(list, dialect, items);
        Take(ids, payloadId);
    }

    // A request that continues another has only the last of its items on the wire. Where items and ids do not go together, that is seen at the beginnings.
    private void Take(IdList ids, string payloadId)
    {
        var last = ids.Count;
        for (var i = items.Count - 1; i >= 0 && last > 0; i--)
        {
            if (items[i].Kind == WireItemKind.ToolDefinitions)
            {
                continue;
            }

            var id = ids[--last];
            var parts = graph.ConversationItems[id].Body.Parts;
            var wire = items[i].Parts;
            for (var part = 0; part < parts.Count && parts.Count == wire.Length; part++)
            {
                if (parts[part] is JsonPart json && json.RawPayloadId == payloadId && JsonPart.WholeOf(wire[part]) is { } text && IsBeginning(json.Summary, text))
                {
                    whole.TryAdd((id, part), text);
                }
            }
        }
    }

    private static bool IsBeginning(string summary, string text) => text.AsSpan().StartsWith(summary.AsSpan(0, Math.Max(0, summary.Length - Cut.Length)), StringComparison.Ordinal);
}
