using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// Parts of items of which the state has only the beginning, such as long arguments, or only that they are there, such as images: as
/// they stand in the payloads that the state names for them. One that cannot be found there stays as the state has it. And the names
/// of calls that no request has shown again, which only the response has.
/// </summary>
internal sealed class WholeParts
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly OpenRollout rollout;
    private readonly BundleReader bundle;
    private readonly WireItems items = new();
    private readonly Dictionary<string, IReadOnlyList<string?>> found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    private WholeParts(OpenRollout rollout, BundleReader bundle) => (this.rollout, this.bundle) = (rollout, bundle);

    /// <summary>An item's parts, in their order; null for a part that the state has whole. Null where it has all.</summary>
    public IReadOnlyList<string?>? Of(string itemId) => found.GetValueOrDefault(itemId);

    /// <summary>What an item calls; null if that is known without it, or is not known.</summary>
    public string? NameOf(string itemId) => names.GetValueOrDefault(itemId);

    /// <summary>Looks in the payloads of a rollout.</summary>
    /// <param name="scope">The rollout, and what is known of its items.</param>
    /// <returns>Null where there is no bundle.</returns>
    public static WholeParts? In(ViewScope scope)
    {
        var rollout = scope.Rollout;
        if (rollout.Bundle is not { } bundle)
        {
            return null;
        }

        var parts = new WholeParts(rollout, bundle);
        var wanted = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (item, origin) in scope.Items.Where(entry => !rollout.Index.IsRepetition(entry.Item.ItemId)))
        {
            var ofParts = scope.HasContent ? item.Body.Parts.Select(PayloadOf).FirstOrDefault(static id => id is not null) : null;
            var ofName = origin.Name is null && item.Kind is (ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall)
                ? rollout.Index.RequestThatProduced(item.ItemId)?.RawResponsePayloadId
                : null;
            foreach (var payload in new[] { ofParts, ofName }.OfType<string>())
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(wanted, payload, out _) ??= new HashSet<string>(StringComparer.Ordinal)).Add(item.ItemId);
            }
        }

        foreach (var request in rollout.Graph.InferenceCalls.Values)
        {
            parts.Find(wanted, request.RawRequestPayloadId, request.RequestItemIds, static (root, items) => Dialects.ReadList(Dialects.ListOf(root), Dialects.OfRequest(root), items));
            parts.Find(wanted, request.RawResponsePayloadId, request.ResponseItemIds, static (root, items) => Dialects.ReadResponse(root, items));
        }

        return parts;
    }

    // A summary that was cut says so at its end; one that ends so by itself is looked for in vain.
    private static string? PayloadOf(ConversationPart part) => part switch
    {
        JsonPart { RawPayloadId: var id } json when json.Summary.EndsWith("...", StringComparison.Ordinal) => id,
        PayloadReferencePart { RawPayloadId: var id } => id,
        _ => null,
    };

    private void Find(Dictionary<string, HashSet<string>> wanted, string? payloadId, IdList ids, Action<JsonElement, WireItems> read)
    {
        if (payloadId is null || !wanted.TryGetValue(payloadId, out var ofPayload) || !rollout.Graph.RawPayloads.TryGetValue(payloadId, out var reference))
        {
            return;
        }

        try
        {
            using var bytes = bundle.ReadPayload(reference);
            using var document = JsonDocument.Parse(bytes.Memory, Options);
            items.Clear();
            read(document.RootElement, items);
            Take(ofPayload, ids);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            // That it cannot be read is what reduction reports.
        }
    }

    // A request that continues another has only the last of its items on the wire.
    private void Take(HashSet<string> wanted, IdList ids)
    {
        var last = ids.Count;
        for (var i = items.Count - 1; i >= 0 && last > 0; i--)
        {
            if (items[i].Kind == WireItemKind.ToolDefinitions)
            {
                continue;
            }

            var id = ids[--last];
            if (!wanted.Contains(id))
            {
                continue;
            }

            if (items[i].Name is { } name)
            {
                names.TryAdd(id, name);
            }

            if (rollout.Graph.ConversationItems[id].Body.Parts is var parts && parts.Count == items[i].Parts.Length)
            {
                found.TryAdd(id, Texts(parts, items[i].Parts));
            }
        }
    }

    private static string?[] Texts(IReadOnlyList<ConversationPart> parts, ReadOnlySpan<WirePart> wire)
    {
        var texts = new string?[parts.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = PayloadOf(parts[i]) is null ? null : TextOf(parts[i] is JsonPart ? wire[i].Value : wire[i].Source);
        }

        return texts;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.String when JsonText.Read(value, out _) is { } text => text,
        _ => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)),
    };
}
