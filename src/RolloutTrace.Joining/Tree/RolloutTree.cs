using RolloutTrace.Bundle;
using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>Which rollout was called from which, and which of them are one tree.</summary>
internal sealed class RolloutTree
{
    // Paths of agents have a name a level, and somebody has to read them.
    private const int MaxDepth = 64;

    private readonly SortedDictionary<string, RolloutGroup> groups;
    private readonly List<string> notes;

    private RolloutTree(SortedDictionary<string, RolloutGroup> groups, List<string> notes) => (this.groups, this.notes) = (groups, notes);

    /// <summary>The rollouts of the tree, each behind the one that called it, the root first.</summary>
    public List<RolloutGroup> Joined { get; } = [];

    /// <summary>Builds the tree.</summary>
    /// <param name="groups">All rollouts.</param>
    /// <param name="root">What the root is to be; null for the only one that there can be.</param>
    /// <param name="notes">Gets what is worth saying.</param>
    /// <exception cref="JoinException">The rollouts are no tree, or several.</exception>
    public static RolloutTree Of(SortedDictionary<string, RolloutGroup> groups, string? root, List<string> notes)
    {
        var tree = new RolloutTree(groups, notes);
        var finder = new CallerFinder(groups);
        foreach (var group in groups.Values)
        {
            tree.FindCalls(group, finder);
        }

        tree.RefuseCircles();
        tree.Collect(tree.Chosen(root));
        return tree;
    }

    private void FindCalls(RolloutGroup group, CallerFinder finder)
    {
        string? problem = null;
        foreach (var part in group.Parts)
        {
            if (part.CallerProblem is not null)
            {
                group.Apart ??= part.CallerProblem;
            }
            else if (part.Manifest.Caller is { } caller && Add(group, part, caller, TurnsBetween(part, 0, 0), isOfPart: true, finder) is { } why)
            {
                group.Apart ??= why;
            }

            for (var i = 0; i < part.Turns.Count; i++)
            {
                if (part.Turns[i].Caller is { } ofTurn && Add(group, part, ofTurn, TurnsBetween(part, i, i + 1), isOfPart: false, finder) is { } trouble)
                {
                    problem ??= trouble;
                    notes.Add($"{part.Name}: turn {part.Turns[i].TurnId}: {trouble}");
                }
            }
        }

        group.Apart ??= group.Calls.Count == 0 ? problem : null;
        if (group.Calls.FirstOrDefault(call => call.Caller != group.Calls[0].Caller) is { } other)
        {
            throw new JoinException($"thread {group.RootThreadId} of rollout {group.RolloutId} was called from two rollouts: {group.Calls[0].Caller.RolloutId} and {other.Caller.RolloutId}");
        }
    }

    // Those up to the next one that somebody else has called.
    private static IReadOnlyList<PartTurn> TurnsBetween(Part part, int first, int afterwards)
    {
        var next = part.Turns.FindIndex(afterwards, static turn => turn.Caller is not null);
        return part.Turns.GetRange(first, (next < 0 ? part.Turns.Count : next) - first);
    }

    private static string? Add(RolloutGroup group, Part part, CallerReference caller, IReadOnlyList<PartTurn> turns, bool isOfPart, CallerFinder finder)
    {
        var (found, foundPart, threadId, toolCallId, problem) = finder.Find(caller, part);
        if (problem is null)
        {
            group.Calls.Add(new PartCall
            {
                Caller = found!,
                CallerPart = foundPart!,
                CallerThreadId = threadId!,
                ToolCallId = toolCallId,
                Callee = part,
                Turns = turns,
                IsOfPart = isOfPart,
            });
        }

        return problem;
    }

    private void RefuseCircles()
    {
        var done = new HashSet<RolloutGroup>();
        foreach (var start in groups.Values)
        {
            var way = new List<RolloutGroup>();
            var onWay = new HashSet<RolloutGroup>();
            for (var group = start; group is not null && !done.Contains(group); group = group.Apart is null ? group.Spawn?.Caller : null)
            {
                if (!onWay.Add(group))
                {
                    var circle = way[way.IndexOf(group)..];
                    throw new JoinException($"the rollouts have called each other in a circle: {string.Join(" by ", circle.Append(group).Take(9).Select(static one => one.RolloutId))}");
                }

                way.Add(group);
            }

            done.UnionWith(way);
        }
    }

    // What was called from elsewhere is the root of what it has called, and is not left out.
    private RolloutGroup Chosen(string? wanted)
    {
        var root = Root(wanted);
        if (root.Apart is { } why)
        {
            notes.Add($"{root.First.Name} is the root: {why}");
            root.Apart = null;
        }

        return root;
    }

    private RolloutGroup Root(string? wanted)
    {
        if (wanted is not null)
        {
            var meant = groups.Values.Where(group => group.RolloutId == wanted || group.RootThreadId == wanted || group.Parts.Any(part => part.TraceId == wanted)).ToList();
            return meant.Count == 1 ? meant[0] : throw new JoinException(meant.Count == 0 ? $"no part is of rollout {wanted}" : $"{wanted} means several rollouts: {Names(meant)}");
        }

        var roots = groups.Values.Where(static group => group is { Spawn: null, Apart: null }).ToList();
        if (roots.Count > 1)
        {
            throw new JoinException($"the parts are {roots.Count} trees, and one has to be chosen: {Names(roots)}");
        }

        var apart = groups.Values.Where(static group => group.Apart is not null).ToList();
        return roots.Count == 1 ? roots[0]
            : apart.Count == 1 ? apart[0]
            : throw new JoinException($"none of the parts is a root: {string.Join("; ", apart.Take(8).Select(static group => $"rollout {group.RolloutId}: {group.Apart}"))}");
    }

    private void Collect(RolloutGroup root)
    {
        var called = groups.Values.Where(static group => group is { Apart: null, Spawn: not null }).ToLookup(static group => group.Spawn!.Caller);
        Joined.Add(root);
        for (var i = 0; i < Joined.Count; i++)
        {
            foreach (var below in called[Joined[i]])
            {
                below.Depth = Joined[i].Depth + 1;
                if (below.Depth >= MaxDepth)
                {
                    below.Apart = $"there are {MaxDepth} rollouts above it";
                }
                else if (below != root)
                {
                    Joined.Add(below);
                }
            }
        }

        foreach (var left in groups.Values.Except(Joined))
        {
            var top = left;
            while (top is { Apart: null, Spawn: { } call } && call.Caller != root)
            {
                top = call.Caller;
            }

            left.IsOfAnotherTree = top.Apart is null;
            left.Apart ??= left == top ? "it is of another tree" : $"it was called by way of rollout {top.RolloutId}, which is not joined";
        }
    }

    private static string Names(IReadOnlyList<RolloutGroup> some) =>
        string.Join(", ", some.Take(8).Select(static group => $"{group.RolloutId} ({group.First.Source.Path})")) + (some.Count > 8 ? $", and {some.Count - 8} more" : "");
}
