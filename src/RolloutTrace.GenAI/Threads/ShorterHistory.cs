using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Threads;

/// <summary>Compares a request with a history of which it may show only a part.</summary>
internal static class ShorterHistory
{
    private const int Least = 2;

    /// <summary>
    /// What a request leaves out of a history that it begins with otherwise, up to its end: nothing in it is new before that. Null if it
    /// is not so, or is so for less than two items.
    /// </summary>
    public static IReadOnlyList<ModelItem>? Of(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        var last = history.Count - 1;
        while (last >= 0 && !history[last].IsCompared)
        {
            last--;
        }

        var end = input.Count - 1;
        while (last >= 0 && end >= 0 && !(input[end].IsCompared && input[end].Hash == history[last].Hash))
        {
            end--;
        }

        return last < 0 || end < 0 ? null : LeftOut(input, end, history, last);
    }

    /// <summary>
    /// Whether a request begins with the end of a history: at least two of its items, one behind the other but for calls that are left out,
    /// and nothing in front of them. Examples that many conversations begin with are no end of any.
    /// </summary>
    public static bool BeginsWithEnd(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        var (shown, known) = (Compared(input), Compared(history));
        var end = known.Count == 0 ? -1 : shown.FindLastIndex(item => item.Hash == known[^1].Hash);
        if (end + 1 < Least)
        {
            return false;
        }

        var place = known.Count - 1;
        for (var i = end; i >= 0; i--, place--)
        {
            while (place >= 0 && known[place].Hash != shown[i].Hash && known[place].Kind != ItemKind.Message)
            {
                place--;
            }

            if (place < 0 || known[place].Hash != shown[i].Hash)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether all these messages stand in a history, in that order.</summary>
    public static bool AreIn(IReadOnlyList<ModelItem> messages, IReadOnlyList<ModelItem> history)
    {
        var next = 0;
        foreach (var item in history)
        {
            if (next < messages.Count && item.Hash == messages[next].Hash)
            {
                next++;
            }
        }

        return next == messages.Count;
    }

    private static List<ModelItem> Compared(IReadOnlyList<ModelItem> items) => [.. items.Where(static item => item.IsCompared)];

    private static List<ModelItem>? LeftOut(IReadOnlyList<ModelItem> input, int end, IReadOnlyList<ModelItem> history, int last)
    {
        var left = new List<ModelItem>();
        var place = last;
        var found = 0;
        for (var i = end; i >= 0; i--)
        {
            if (!input[i].IsCompared)
            {
                continue;
            }

            for (; place >= 0 && !(history[place].IsCompared && history[place].Hash == input[i].Hash); place--)
            {
                if (history[place].IsCompared)
                {
                    left.Add(history[place]);
                }
            }

            if (place < 0)
            {
                return null;
            }

            place--;
            found++;
        }

        for (; place >= 0; place--)
        {
            if (history[place].IsCompared)
            {
                left.Add(history[place]);
            }
        }

        return found >= Least && left.Count > 0 ? left : null;
    }
}
