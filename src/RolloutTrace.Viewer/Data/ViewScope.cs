using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>What the sections of a document have in common: the rollout, and the numbers by which they name items, threads and texts.</summary>
internal sealed class ViewScope
{
    private readonly Lazy<Dictionary<string, int>> numbers;
    private readonly Lazy<IReadOnlyList<(ConversationItem, ItemOrigin)>> items;
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

        // Where items come from stands in the payloads. Sections that only name items do not wait for that.
        numbers = new Lazy<Dictionary<string, int>>(NumberItems);
        items = new Lazy<IReadOnlyList<(ConversationItem, ItemOrigin)>>(FindOrigins);
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
    public IReadOnlyList<(ConversationItem Item, ItemOrigin Origin)> Items => items.Value;

    /// <summary>The long texts that several things have.</summary>
    public TextTable Texts { get; } = new();

    /// <summary>The number of an item.</summary>
    public int ItemOf(string id) => numbers.Value[id];

    /// <summary>The number of a thread; null if the state does not have it.</summary>
    public int? ThreadOf(string id) => threads.TryGetValue(id, out var number) ? number : null;

    /// <summary>What is content, or nothing.</summary>
    public string? Content(string? text) => HasContent ? text : null;

    // Thread by thread, in the order in which things were said: a request's items are then few runs of numbers.
    private Dictionary<string, int> NumberItems()
    {
        var numbered = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var thread in Threads)
        {
            foreach (var id in thread.ConversationItemIds)
            {
                numbered.TryAdd(id, numbered.Count);
            }
        }

        return numbered;
    }

    private List<(ConversationItem, ItemOrigin)> FindOrigins()
    {
        var found = new List<(ConversationItem, ItemOrigin)>(numbers.Value.Count);
        foreach (var origin in Threads.SelectMany(thread => RolloutContext.OriginsOfItems(Rollout, thread)))
        {
            // One that several threads have is told of with the first of them.
            if (numbers.Value[origin.ItemId] == found.Count)
            {
                found.Add((Graph.ConversationItems[origin.ItemId], origin));
            }
        }

        return found;
    }
}
