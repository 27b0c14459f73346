namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Looks for the entries of one request in the input of another, from its beginning to its end. What it costs grows with that input's
/// length and no faster, whatever stands in it.
/// </summary>
/// <param name="known">The entries.</param>
internal sealed class EntrySearch(KnownEntries known)
{
    private const int Rare = 4;

    // Where nothing is ever found, it is not worth the search.
    private const int MostInVain = 256;

    private int sought;
    private bool hasFound;
    private int taken;
    private int separatorAt = -1;

    private bool IsWorthwhile => taken < known.Count && (hasFound || sought < MostInVain);

    /// <summary>So many of the entries stand in the input; when all do, there is nothing left to find.</summary>
    public void Take(int count) => taken += count;

    /// <summary>The entry that has these bytes; -1 for none.</summary>
    public int Find(ReadOnlySpan<byte> entry)
    {
        if (!IsWorthwhile)
        {
            return -1;
        }

        var found = known.Find(entry, isRare: sought++ < Rare);
        hasFound |= found >= 0;
        return found;
    }

    /// <summary>
    /// The entry that stands at an offset, if it ends where the next thing stands that entries are separated by; -1 for none. Offsets only grow.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="start">Where in it.</param>
    public int FindAt(ReadOnlySpan<byte> input, int start)
    {
        if (known.Between.IsEmpty || !IsWorthwhile)
        {
            return -1;
        }

        // What was looked through once is not looked through again.
        if (separatorAt < start)
        {
            var step = input[start..].IndexOf(known.Between);
            separatorAt = step < 0 ? int.MaxValue : start + step;
        }

        var length = separatorAt - start + 1;
        return separatorAt < int.MaxValue && known.HasLength(length) ? Find(input.Slice(start, length)) : -1;
    }
}
