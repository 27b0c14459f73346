using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Finds which thread of one run stands for which of the other: by the agent's path and task, then by the order of their starts.</summary>
internal static class ThreadPairs
{
    /// <summary>The pairs, parents before their children. A thread without its like stands alone.</summary>
    public static IReadOnlyList<ThreadPair> Of(RolloutGraph a, RolloutGraph b)
    {
        var pairs = new List<ThreadPair>();
        var (ofA, ofB) = (ByParent(a), ByParent(b));
        var (rootA, rootB) = (a.Threads.GetValueOrDefault(a.RootThreadId), b.Threads.GetValueOrDefault(b.RootThreadId));
        Add(pairs, rootA, rootB, ofA, ofB);

        // What hangs nowhere, as of a damaged bundle, is told by its path alone.
        var seen = pairs.SelectMany(static pair => new[] { pair.A, pair.B }).OfType<AgentThread>().ToHashSet(ReferenceEqualityComparer.Instance);
        AddAll(pairs, [.. InOrder(a.Threads.Values).Where(thread => !seen.Contains(thread))], [.. InOrder(b.Threads.Values).Where(thread => !seen.Contains(thread))], ofA: null, ofB: null);
        return pairs;
    }

    private static void Add(List<ThreadPair> pairs, AgentThread? a, AgentThread? b, ILookup<string, AgentThread>? ofA, ILookup<string, AgentThread>? ofB)
    {
        // Helpers of helpers can be nested as deep as somebody likes.
        var open = new Queue<ThreadPair>();
        open.Enqueue(new ThreadPair(a, b));
        while (open.TryDequeue(out var pair))
        {
            if (pair is { A: null, B: null })
            {
                continue;
            }

            pairs.Add(pair);
            var children = new List<ThreadPair>();
            AddAll(children, ChildrenOf(pair.A, ofA), ChildrenOf(pair.B, ofB), ofA: null, ofB: null);
            children.ForEach(open.Enqueue);
        }
    }

    private static List<AgentThread> ChildrenOf(AgentThread? thread, ILookup<string, AgentThread>? byParent) =>
        thread is null || byParent is null ? [] : [.. InOrder(byParent[thread.ThreadId])];

    private static void AddAll(List<ThreadPair> pairs, List<AgentThread> a, List<AgentThread> b, ILookup<string, AgentThread>? ofA, ILookup<string, AgentThread>? ofB)
    {
        foreach (var key in new Func<AgentThread, string>[] { static thread => $"{thread.AgentPath}\n{TaskOf(thread)}", static thread => thread.AgentPath, TaskOf, RoleOf })
        {
            var left = b.GroupBy(key, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => new Queue<AgentThread>(group), StringComparer.Ordinal);
            foreach (var thread in a.ToList())
            {
                if (left.TryGetValue(key(thread), out var same) && same.TryDequeue(out var other))
                {
                    Add(pairs, thread, other, ofA, ofB);
                    a.Remove(thread);
                    b.Remove(other);
                }
            }
        }

        a.ForEach(thread => Add(pairs, thread, null, ofA, ofB));
        b.ForEach(thread => Add(pairs, null, thread, ofA, ofB));
    }

    private static string TaskOf(AgentThread thread) => thread.Origin is SpawnedOrigin origin ? $"{origin.TaskName}\n{origin.AgentRole}" : "";

    private static string RoleOf(AgentThread thread) => thread.Origin is SpawnedOrigin origin ? origin.AgentRole : "";

    private static ILookup<string, AgentThread> ByParent(RolloutGraph graph) =>
        graph.Threads.Values.Where(thread => thread.ThreadId != graph.RootThreadId).ToLookup(
            thread => thread.Origin is SpawnedOrigin origin ? origin.ParentThreadId : graph.RootThreadId,
            StringComparer.Ordinal);

    private static IEnumerable<AgentThread> InOrder(IEnumerable<AgentThread> threads) => threads.OrderBy(static thread => thread.Execution.StartedSeq);
}
