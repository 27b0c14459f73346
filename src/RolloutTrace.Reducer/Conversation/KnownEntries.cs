using System.Numerics;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Finds the entries of one request's input in the input of another, by their bytes: what says the same, wherever it stands, was read
/// before; where it is expected, also with other white space. What is found is whole JSON, since it was when it was read. What it costs grows with the other input's length and no faster,
/// whatever stands in it.
/// </summary>
/// <param name="input">The input, brackets included.</param>
/// <param name="entries">Where its entries lie.</param>
/// <param name="member">What entries may differ in.</param>
/// <param name="slots">The memory for a table of keys, which the input before it has used.</param>
internal sealed class KnownEntries(ReadOnlyMemory<byte> input, InputEntries entries, LooseMember member, KeySlots slots)
{
    // Keys that lie together this long are no accident, and what is not found is only read again.
    private const int MostSteps = 32;

    private int[]? table;
    private int mask;

    /// <summary>Of no request at all.</summary>
    public static KnownEntries None { get; } = new(default, new InputEntries(), new LooseMember(), new KeySlots());

    /// <summary>How many entries there are.</summary>
    public int Count => entries.Count;

    /// <summary>The bytes of an entry; empty if there is none.</summary>
    public ReadOnlySpan<byte> Bytes(int index) => index < entries.Count ? input.Span[entries.Start(index)..entries.End(index)] : [];

    /// <summary>How many entries in a row, from one on, stand in another input.</summary>
    /// <param name="other">The other input, from its opening bracket on.</param>
    /// <param name="at">Where in it; 0 to compare from the brackets on.</param>
    /// <param name="first">The first of the entries.</param>
    public int Run(ReadOnlySpan<byte> other, int at, int first)
    {
        if (first >= entries.Count)
        {
            return 0;
        }

        var from = at == 0 ? 0 : entries.Start(first);
        var same = from + other[at..].CommonPrefixLength(input.Span[from..]);
        if (same < entries.End(first))
        {
            return 0;
        }

        var end = entries.CountWithin(same);

        // A number may go on behind what is the same.
        if (end > first && entries.End(end - 1) == same && input.Span[same - 1] is not ((byte)'}' or (byte)']' or (byte)'"'))
        {
            end--;
        }

        return Math.Max(0, end - first);
    }

    /// <summary>Finds the object that stands at an offset among the entries, and adds it to those of the other input.</summary>
    /// <param name="other">The other input.</param>
    /// <param name="start">Where in it.</param>
    /// <param name="expected">The entry that it probably is.</param>
    /// <param name="into">The entries of the other input.</param>
    /// <param name="listStart">Where in its request the other input begins.</param>
    /// <param name="found">What is known already of where objects in it end, and of their keys; null for nothing.</param>
    /// <returns>The entry; -1 if it is none of them, or if it is not known where it ends.</returns>
    public int Find(ReadOnlySpan<byte> other, int start, int expected, InputEntries into, int listStart = 0, FoundEntries? found = null)
    {
        if (expected < entries.Count && entries.IsLoose(expected) && FindLoose(other[start..], expected, out var value) is var same and > 0)
        {
            into.Add(start, start + same, expected, entries.Key(expected), value, isLeftLoose: true);
            return expected;
        }

        var (key, left) = (0L, default(Range));
        var length = found?.LengthAt(listStart, start, member.Key, out key, out left) ?? 0;
        if (length == 0)
        {
            length = other[start] == (byte)'{' ? JsonContainer.Length(other[start..]) : 0;
            if (length == 0)
            {
                return -1;
            }

            key = member.Key.Of(other.Slice(start, length), out left);
        }

        var entry = other.Slice(start, length);
        var index = expected < entries.Count && entries.Key(expected) == key && Is(expected, entry, left) ? expected : FindByKey(key, entry, left);
        if (index < 0 && expected < entries.Count && SpacedJson.IsSame(Bytes(expected), entry))
        {
            // What its key leaves out, if anything, lies elsewhere.
            into.Add(start, start + length, expected, key, left);
            return expected;
        }

        if (index < 0)
        {
            return -1;
        }

        into.Add(start, start + length, index, key, left, entries.IsLoose(index));
        return index;
    }

    // What has an entry's bytes around another value that is sound ends where those bytes end, and need not be looked at as JSON.
    private int FindLoose(ReadOnlySpan<byte> text, int index, out Range value)
    {
        var known = Bytes(index);
        var left = entries.Left(index);
        value = left;
        if (!text.StartsWith(known[..left.Start]))
        {
            return 0;
        }

        var length = EntryKey.LengthOf(text[left.Start..], isText: known[left.Start.Value - 1] == (byte)'"');
        value = left.Start..(left.Start.Value + length);
        return length >= 0 && text[value.End..].StartsWith(known[left.End..]) && LooseMember.IsSound(text[value], isText: known[left.Start.Value - 1] == (byte)'"')
            ? value.End.Value + known.Length - left.End.Value
            : 0;
    }

    private bool Is(int index, ReadOnlySpan<byte> entry, Range left) => entries.IsLoose(index)
        ? LooseMember.IsSameBut(entry, left, Bytes(index), entries.Left(index))
        : Bytes(index).SequenceEqual(entry);

    private int FindByKey(long key, ReadOnlySpan<byte> entry, Range left)
    {
        table ??= MakeTable();
        for (var (slot, step) = (SlotOf(key), 0); step < MostSteps && table[slot] is > 0 and var next; slot = (slot + 1) & mask, step++)
        {
            if (entries.Key(next - 1) == key)
            {
                return Is(next - 1, entry, left) ? next - 1 : -1;
            }
        }

        return -1;
    }

    // Of several with one key the first is found.
    private int[] MakeTable()
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * entries.Count) + 2);
        mask = count - 1;
        table = slots.Empty(count);
        for (var i = 0; i < entries.Count; i++)
        {
            var slot = SlotOf(entries.Key(i));
            for (var step = 0; step < MostSteps; slot = (slot + 1) & mask, step++)
            {
                if (table[slot] == 0)
                {
                    table[slot] = i + 1;
                    break;
                }

                if (entries.Key(table[slot] - 1) == entries.Key(i))
                {
                    break;
                }
            }
        }

        return table;
    }

    private int SlotOf(long key) => (int)key & mask;
}
