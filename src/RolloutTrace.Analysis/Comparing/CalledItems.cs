namespace RolloutTrace.Analysis.Comparing;

/// <summary>The items that a model was shown, with the call that each output answers. Read once, when it is first asked for.</summary>
internal sealed class CalledItems(SideHistory history, List<string> items, ItemClasses classes)
{
    private Dictionary<string, string?>? callsByOutput;
    private HashSet<int>? calls;

    public SideHistory History => history;

    public List<string> Items => items;

    /// <summary>The number of an item, as <see cref="ItemClasses"/> has it.</summary>
    public int ClassOf(string id) => classes.Of(history.Side, id);

    /// <summary>The call that an output answers: ids of calls are used again, so it is the last before it. Null if there is none.</summary>
    public string? CallOf(string output)
    {
        if (callsByOutput is null)
        {
            callsByOutput = new Dictionary<string, string?>(StringComparer.Ordinal);
            var last = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var id in items)
            {
                var item = history.Side.Item(id);
                if (RunSide.IsCall(item) && item.CallId is not null)
                {
                    last[item.CallId] = id;
                }
                else if (RunSide.IsOutput(item))
                {
                    callsByOutput.TryAdd(id, item.CallId is null ? null : last.GetValueOrDefault(item.CallId));
                }
            }
        }

        return callsByOutput.GetValueOrDefault(output);
    }

    /// <summary>Whether there is a call of this number that is not the model's own choice.</summary>
    public bool HasCall(int number)
    {
        calls ??= [.. items.Where(id => RunSide.IsCall(history.Side.Item(id)) && !history.HasChosen(id)).Select(ClassOf)];
        return calls.Contains(number);
    }
}
