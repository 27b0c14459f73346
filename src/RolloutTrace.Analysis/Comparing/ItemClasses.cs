using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Numbers for what items say, the same for items of two runs that say the same but for what is volatile.</summary>
internal sealed class ItemClasses
{
    private readonly Dictionary<UInt128, int> classes = [];
    private readonly Dictionary<(RunSide, string), int> known = [];

    /// <summary>The number of an item, from 0.</summary>
    public int Of(RunSide side, string itemId)
    {
        if (!known.TryGetValue((side, itemId), out var number))
        {
            var hash = HashOf(side, side.Item(itemId));
            if (!classes.TryGetValue(hash, out number))
            {
                classes.Add(hash, number = classes.Count);
            }

            known.Add((side, itemId), number);
        }

        return number;
    }

    private static UInt128 HashOf(RunSide side, ConversationItem item)
    {
        var words = side.Canonical(side.TextOf(item), item.FirstSeenAtUnixMs);
        var encoded = string.Join(',', item.Body.Parts.OfType<EncodedPart>().Select(static part => part.Label));
        var key = $"{item.Kind}\n{item.Role}\n{item.Channel}\n{item.AgentMessage?.Author}\n{item.AgentMessage?.Recipient}\n{encoded}\n{words}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.Unicode.GetBytes(key), hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
