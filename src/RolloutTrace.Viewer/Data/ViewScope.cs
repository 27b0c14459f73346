using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>What the sections of a document have in common: the rollout, and the numbers by which they name items, threads and texts.</summary>
internal sealed class ViewScope
{
    private readonly Dictionary<string, int> items = new(StringComparer.Ordinal);
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

        // Thread by thread, in the order in which things were said: a request's items are then few runs of numbers.
        var ordered = new List<(ConversationItem, ItemOrigin)>();
        foreach (var thread in Threads)
        {
            foreach (var origin in RolloutContext.OriginsOfItems(rollout, thread))
            {
                if (items.TryAdd(origin.ItemId, ordered.Count))
                {
                    ordered.Add((Graph.ConversationItems[origin.ItemId], origin));
                }
            }
        }

        Items = ordered;
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
    public IReadOnlyList<(ConversationItem Item, ItemOrigin Origin)> Items { get; }

    /// <summary>The long texts that several things have.</summary>
    public TextTable Texts { get; } = new();

    /// <summary>The number of an item.</summary>
    public int ItemOf(string id) => items[id];

    /// <summary>The number of a thread; null if the state does not have it.</summary>
    public int? ThreadOf(string id) => threads.TryGetValue(id, out var number) ? number : null;

    /// <summary>What is content, or nothing.</summary>
    public string? Content(string? text) => HasContent ? text : null;
}
