using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// The member by which items differ from request to request although they say the same, such as an id that clients make anew: one that
/// nothing is read from. Which one that is, if any, is learned from the items that had to be read.
/// </summary>
internal sealed class LooseMember
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };
    private static readonly JsonReaderState BehindMember = JsonReaders.Behind("{\"\":{}"u8, Options);

    /// <summary>By what entries are looked for: a hash of each but for the member's value in it.</summary>
    public EntryKey Key { get; private set; } = EntryKey.OfAll;

    /// <summary>Whether an entry is another one but for the value of a member from which nothing is read.</summary>
    /// <param name="entry">The entry, of which it is only known where it ends if it is JSON.</param>
    /// <param name="left">Where that value would be in it.</param>
    /// <param name="other">The other one, which was read.</param>
    /// <param name="otherLeft">Where the value is in that.</param>
    public static bool IsSameBut(ReadOnlySpan<byte> entry, Range left, ReadOnlySpan<byte> other, Range otherLeft) =>
        left.Start.Value == otherLeft.Start.Value
        && entry[..left.Start].SequenceEqual(other[..otherLeft.Start])
        && entry[left.End..].SequenceEqual(other[otherLeft.End..])
        && IsSound(entry[left], isText: entry[left.Start.Value - 1] == (byte)'"');

    /// <summary>Looks at an entry that had to be read, and at one that it may stand for.</summary>
    /// <param name="entry">The entry, which is sound.</param>
    /// <param name="item">The one item that it stands for.</param>
    /// <param name="dialect">The dialect that knows from which members nothing is read.</param>
    /// <param name="left">What <see cref="Key"/> has left out.</param>
    /// <param name="before">An entry of the request before that may say the same; empty for none.</param>
    /// <returns>Whether nothing is read from what was left out.</returns>
    public bool Learn(ReadOnlySpan<byte> entry, WireItem item, Dialect dialect, Range left, ReadOnlySpan<byte> before)
    {
        var differsAt = before.IsEmpty ? -1 : before.CommonPrefixLength(entry);
        var (isLeft, isFound, isTheOne) = (false, false, false);
        ReadOnlySpan<byte> found = default;
        var foundAt = 0;
        var reader = new Utf8JsonReader(entry, Options);
        var offset = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var candidate = reader.ValueSpan;
            var candidateAt = offset + (int)reader.TokenStartIndex;
            var isUnread = !reader.ValueIsEscaped && dialect.IsUnread(item, candidate);
            var behindName = offset + (int)reader.BytesConsumed;
            if (!isUnread && EscapedJson.LengthOfSoundValue(entry[behindName..]) is > 0 and var length)
            {
                offset = behindName + length;
                reader = new Utf8JsonReader(entry[offset..], isFinalBlock: true, BehindMember);
                continue;
            }

            reader.Read();
            if (isUnread && IsScalar(ref reader, entry[offset..], out var value))
            {
                value = (offset + value.Start.Value)..(offset + value.End.Value);
                isLeft |= value.Equals(left);
                var differs = value.Start.Value <= differsAt && differsAt <= value.End.Value;
                if (!isFound || (differs && !isTheOne))
                {
                    (isFound, isTheOne, foundAt) = (true, differs, candidateAt);
                    found = candidate;
                }
            }

            reader.Skip();
        }

        if (isFound && (isTheOne || !isLeft))
        {
            ReadOnlySpan<byte> name = [(byte)'"', .. found, (byte)'"', (byte)':'];
            Key = Key.But(name, isLast: entry.IndexOf(name) != foundAt);
        }

        return isLeft;
    }

    private static bool IsScalar(ref Utf8JsonReader reader, ReadOnlySpan<byte> entry, out Range value)
    {
        var start = (int)reader.TokenStartIndex;
        value = reader.TokenType == JsonTokenType.String ? (start + 1)..((int)reader.BytesConsumed - 1) : start..(int)reader.BytesConsumed;
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Number && IsSound(entry[value], reader.TokenType == JsonTokenType.String);
    }

    /// <summary>Whether a value is sound, as far as can be said without reading it as JSON: plain text, or plain digits.</summary>
    public static bool IsSound(ReadOnlySpan<byte> value, bool isText)
    {
        if (isText)
        {
            return !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !value.ContainsAny((byte)'"', (byte)'\\');
        }

        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        return whole.Length > 0
            && (whole.Length == 1 || whole[0] != (byte)'0')
            && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (point < 0 || (point + 1 < value.Length && !value[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));
    }
}
