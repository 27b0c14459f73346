using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Threads;

/// <summary>Hashes of histories: of all their items in order, so that each beginning of a request costs one step.</summary>
internal static class HistoryHash
{
    /// <summary>The hash of each beginning: entry i covers the compared items up to and including item i.</summary>
    public static UInt128[] Beginnings(IReadOnlyList<ModelItem> items)
    {
        var hashes = new UInt128[items.Count];
        UInt128 hash = 0;
        for (var i = 0; i < items.Count; i++)
        {
            hash = items[i].IsCompared ? Next(hash, items[i].Hash) : hash;
            hashes[i] = hash;
        }

        return hashes;
    }

    public static UInt128 Of(IReadOnlyList<ModelItem> items) => items.Count == 0 ? 0 : Beginnings(items)[^1];

    /// <summary>Of all that a request shows, and what it tells the model to do; null if it shows nothing.</summary>
    public static UInt128? OfRequest(ChatContent request) =>
        request.Input.Any(static item => item.IsCompared) ? Next(Of(request.Input), request.Told ?? 0) : null;

    /// <summary>Of the first two messages of a conversation; null if it has not so many.</summary>
    public static UInt128? OfFirstMessages(IReadOnlyList<ModelItem> items)
    {
        UInt128? first = null;
        foreach (var item in items)
        {
            if (!item.IsCompared || item.Kind != ItemKind.Message)
            {
                continue;
            }

            if (first is { } before)
            {
                return Next(before, item.Hash);
            }

            first = item.Hash;
        }

        return null;
    }

    /// <summary>Of a text, whoever says it.</summary>
    public static UInt128 OfText(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Of a history with words behind it, whatever white space was between them.</summary>
    public static UInt128 WithWords(UInt128 before, string words) => Next(before, OfText(string.Concat(words.Where(static letter => !char.IsWhiteSpace(letter)))));

    private static UInt128 Next(UInt128 before, UInt128 item)
    {
        Span<byte> both = stackalloc byte[32];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(both, before);
        BinaryPrimitives.WriteUInt128BigEndian(both[16..], item);
        SHA256.HashData(both, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
