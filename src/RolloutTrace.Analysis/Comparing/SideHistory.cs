using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// What one run's requests of a thread show, as numbers that can be compared with the other's. What is known to differ has the number of
/// what it stands for in the other run, or none if it stands for nothing, so that each difference is met once.
/// </summary>
internal sealed class SideHistory(RunSide side, ItemClasses classes)
{
    private readonly Dictionary<string, int> told = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> toldClasses = [];
    private readonly HashSet<string> chosen = new(StringComparer.Ordinal);

    public RunSide Side => side;

    /// <summary>Where the last request stands in the log; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The items of the last request and what was answered.</summary>
    public IdList Last { get; private set; } = IdList.Empty;

    /// <summary>A request was looked at.</summary>
    public void Pass(InferenceCall call)
    {
        LastSeq = call.Execution.StartedSeq;
        Last = call.RequestItemIds.Append(call.ResponseItemIds);
    }

    /// <summary>The model answered with items that the other run's did not.</summary>
    public void Chose(IEnumerable<string> items) => chosen.UnionWith(items);

    /// <summary>Whether the model has chosen an item, and the other run's has not.</summary>
    public bool HasChosen(string itemId) => chosen.Contains(itemId);

    /// <summary>An item differs from what it stands for in the other run.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="number">The number of both, below -1; or -1 for an item that stands for nothing.</param>
    public void Tell(string itemId, int number)
    {
        told.TryAdd(itemId, number);
        toldClasses.TryAdd(classes.Of(side, itemId), number);
    }

    /// <summary>The items of a list that stand for something, with their numbers.</summary>
    /// <param name="items">The list.</param>
    /// <param name="isLikeBefore">Whether none of the items is known to differ.</param>
    public (List<string> Items, int[] Numbers) Of(IEnumerable<string> items, out bool isLikeBefore)
    {
        var (kept, numbers) = (new List<string>(), new List<int>());
        isLikeBefore = true;
        foreach (var id in items)
        {
            var number = NumberOf(id);
            isLikeBefore &= number >= 0;
            if (number != -1)
            {
                kept.Add(id);
                numbers.Add(number);
            }
        }

        return (kept, [.. numbers]);
    }

    // Items that are made anew of what was told, by a compaction or since they refer to payloads, are told.
    private int NumberOf(string id)
    {
        if (told.TryGetValue(id, out var number))
        {
            return number;
        }

        var ofClass = classes.Of(side, id);
        if (toldClasses.TryGetValue(ofClass, out number) && (side.Rollout.Index.IsRepetition(id) || side.IsOfCompaction(side.Item(id))))
        {
            told.Add(id, number);
            return number;
        }

        return ofClass;
    }
}
