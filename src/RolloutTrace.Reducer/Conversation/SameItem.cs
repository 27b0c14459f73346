using System.Runtime.InteropServices;
using RolloutTrace.Reducer.Reading;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Whether two model items are the same item, sent twice. Reasoning with an opaque part is known by that part
/// alone, since providers send the readable text once; so sameness is an equivalence and items can be indexed by it.
/// </summary>
/// <param name="repeatedReferences">
/// Whether items with a call id are the same although they refer to different payloads, as they do when a tool's
/// image is sent again.
/// </param>
internal sealed class SameItem(bool repeatedReferences) : IEqualityComparer<ItemContent>
{
    // Another in each process, as the runtime's hashes are.
    private static readonly long Seed = HashCode.Combine(0);

    public bool Equals(ItemContent? x, ItemContent? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x, y, repeatedReferences && x.CallId is not null));

    /// <summary>The same, down to the payloads that parts refer to.</summary>
    public static bool Exactly(ItemContent x, ItemContent y) => Equals(x, y, ignorePayloads: false);

    /// <summary>The same, whichever payloads parts refer to: the payload of an image is that of the request that it was seen in.</summary>
    public static bool ButForPayloads(ConversationItem x, ConversationItem y) => ButForPayloads(ItemContent.Of(x), ItemContent.Of(y));

    /// <summary>The same, whichever payloads parts refer to.</summary>
    public static bool ButForPayloads(ItemContent x, ItemContent y) => Equals(x, y, ignorePayloads: true);

    public int GetHashCode(ItemContent obj) => obj.Hash ??= HashOf(obj);

    private static int HashOf(ItemContent obj)
    {
        if (obj.ReasoningBlob() is { } blob)
        {
            return HashCode.Combine(blob.Label, blob.Stored.HashOf());
        }

        var hash = default(HashCode);
        hash.Add((int)obj.Kind);
        hash.Add((int)obj.Role);
        hash.Add(obj.CallId);
        if (obj.Whole is not null)
        {
            hash.Add(HashOf(obj.Whole));
            return hash.ToHashCode();
        }

        foreach (var part in obj.Parts)
        {
            hash.Add(part switch
            {
                TextPart p => p.Stored.HashOf(),
                SummaryPart p => p.Stored.HashOf(),
                EncodedPart p => p.Stored.HashOf(),
                JsonPart p => HashOf(p.Summary),
                CodePart p => p.Stored.HashOf(),
                PayloadReferencePart p => HashOf(p.Label),
                _ => 0,
            });
        }

        return hash.ToHashCode();
    }

    // As hard to foresee as those of the runtime, and several times as fast on what is long.
    private static long HashOf(string text) => ByteHash.Of(MemoryMarshal.AsBytes(text.AsSpan()), Seed);

    private static bool Equals(ItemContent x, ItemContent y, bool ignorePayloads)
    {
        if (x.Role != y.Role || x.Channel != y.Channel || x.Kind != y.Kind || x.CallId != y.CallId || x.AgentMessage != y.AgentMessage)
        {
            return false;
        }

        if (x.Whole is not null && y.Whole is not null)
        {
            return x.Whole == y.Whole;
        }

        if (x.ReasoningBlob() is { } blob && y.ReasoningBlob() is { } other)
        {
            return blob == other;
        }

        if (x.Parts.Count != y.Parts.Count)
        {
            return false;
        }

        for (var i = 0; i < x.Parts.Count; i++)
        {
            if (!Equals(x.Parts[i], y.Parts[i], ignorePayloads))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Equals(ConversationPart x, ConversationPart y, bool ignorePayloads) => (x, y) switch
    {
        (JsonPart a, JsonPart b) => a.Summary == b.Summary,
        (PayloadReferencePart a, PayloadReferencePart b) => a.Label == b.Label && (ignorePayloads || a.RawPayloadId == b.RawPayloadId),
        _ => x == y,
    };
}
