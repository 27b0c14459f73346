using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>What the sections of a document have in common: the rollout, and the numbers by which they name items, threads and texts.</summary>
internal sealed class ViewScope
{
    private readonly Lazy<NumberedItems> items;
    private readonly Dictionary<string, int> threads = new(StringComparer.Ordinal);

    public ViewScope(OpenRollout rollout, RolloutPageOptions options)
    {
        Rollout = rollout;
        HasContent = options.HasContent;
        Threads = [.. rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq)];
        foreach (var thread in Threads)
        {
            threads.Add(thread.ThreadId, threads.Count);
        }

        Processes = new JoinedProcesses(rollout, Threads);

        // Where items come from stands in the payloads. Sections that name no item do not wait for that.
        items = new Lazy<NumberedItems>(NumberItems);
    }

    public OpenRollout Rollout { get; }

    public RolloutGraph Graph => Rollout.Graph;

    /// <summary>Whether the document may hold what was said and done, and not only names and numbers.</summary>
    public bool HasContent { get; }

    /// <summary>The threads, by their numbers.</summary>
    public IReadOnlyList<AgentThread> Threads { get; }

    /// <summary>The processes of a joined rollout.</summary>
    public JoinedProcesses Processes { get; }

    /// <summary>The items, by their numbers, each with where it comes from.</summary>
    public IReadOnlyList<(ConversationItem Item, ItemOrigin Origin)> Items => items.Value.Items;

    /// <summary>The long texts that several things have.</summary>
    public TextTable Texts { get; } = new();

    /// <summary>The number of an item.</summary>
    public int ItemOf(string id) => items.Value.Numbers[id];

    /// <summary>The number of a thread; null if the state does not have it.</summary>
    public int? ThreadOf(string id) => threads.TryGetValue(id, out var number) ? number : null;

    /// <summary>What is content, or nothing.</summary>
    public string? Content(string? text) => HasContent ? text : null;

    // Thread by thread, in the order in which things were said: a request's items are then few runs of numbers.
    private NumberedItems NumberItems()
    {
        var numbered = new NumberedItems([], new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var thread in Threads)
        {
            foreach (var origin in RolloutContext.OriginsOfItems(Rollout, thread))
            {
                if (numbered.Numbers.TryAdd(origin.ItemId, numbered.Items.Count))
                {
                    numbered.Items.Add((Graph.ConversationItems[origin.ItemId], origin));
                }
            }
        }

        return numbered;
    }

    private sealed record NumberedItems(List<(ConversationItem, ItemOrigin)> Items, Dictionary<string, int> Numbers);
}
