using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// Goes through two runs, request by request in the order in which they came about, and tells what differs by itself from what follows
/// from that.
/// </summary>
internal sealed class RunComparison
{
    private readonly RunSide a;
    private readonly RunSide b;
    private readonly ItemClasses classes = new();
    private readonly VolatileTally tally;
    private readonly GivenComparison given;
    private readonly ResponseComparison responses;
    private readonly List<OpenDifference> found = [];
    private readonly List<string> gaveUp = [];
    private readonly List<ThreadState> threads = [];

    public RunComparison(RunSide a, RunSide b, IReadOnlyList<string> patterns)
    {
        (this.a, this.b) = (a, b);
        tally = new VolatileTally(a, b, patterns);
        given = new GivenComparison(a, b, tally);
        responses = new ResponseComparison(a, b, classes, tally);
    }

    /// <summary>What differed and was no difference.</summary>
    public IReadOnlyList<VolatileCount> Volatile => tally.Counts;

    /// <summary>What could not be compared; null if all could.</summary>
    public string? GaveUp => gaveUp.Count == 0 ? null : string.Join("; ", gaveUp.Distinct(StringComparer.Ordinal));

    /// <summary>The differences that do not follow from others, in the order in which they came about.</summary>
    public IReadOnlyList<RolloutDifference> Find()
    {
        var pairs = new StepPairs(a, b, classes);
        var steps = new List<(ThreadState Thread, Step Step)>();
        foreach (var pair in ThreadPairs.Of(a.Graph, b.Graph))
        {
            var thread = new ThreadState(pair, ParentOf(pair), new SideHistory(a, classes), new SideHistory(b, classes));
            threads.Add(thread);
            steps.AddRange(pairs.Of(pair).Select(step => (thread, step)));
        }

        if (pairs.GaveUp)
        {
            gaveUp.Add("requests differ in more places than are compared; only those at the beginning and at the end are aligned");
        }

        // What one thread's requests cause in another's is known by then.
        foreach (var (thread, step) in steps.OrderBy(static entry => entry.Step.Seq).ThenBy(static entry => entry.Step.B?.Execution.StartedSeq ?? 0))
        {
            Look(thread, step);
        }

        if (found.Count == 0)
        {
            Outcomes();
        }

        return [.. found.Select(static difference => difference.Counted)];
    }

    private ThreadState? ParentOf(ThreadPair pair) =>
        pair.A?.Origin is SpawnedOrigin ofA ? threads.Find(thread => thread.Threads.A?.ThreadId == ofA.ParentThreadId)
        : pair.B?.Origin is SpawnedOrigin ofB ? threads.Find(thread => thread.Threads.B?.ThreadId == ofB.ParentThreadId)
        : null;

    private void Look(ThreadState thread, Step step)
    {
        if (step.A is not null && a.Rollout.Facts.UnknownRequests.ContainsKey(step.A.InferenceCallId))
        {
            gaveUp.Add($"what request {step.A.InferenceCallId} of the first run showed is not known");
        }
        else if (step.B is not null && b.Rollout.Facts.UnknownRequests.ContainsKey(step.B.InferenceCallId))
        {
            gaveUp.Add($"what request {step.B.InferenceCallId} of the second run showed is not known");
        }
        else if (thread.Threads.A is null || thread.Threads.B is null)
        {
            OnlyInOne(thread, step);
        }
        else if (step is { A: { } first, B: { } second })
        {
            new StepComparison(this, thread).OfBoth(first, second);
        }
        else
        {
            new StepComparison(this, thread).OfOne(step);
        }

        if (step.A is not null)
        {
            thread.A.Pass(step.A);
        }

        if (step.B is not null)
        {
            thread.B.Pass(step.B);
        }
    }

    // An agent that only one run has follows from the call that made it, which only that run has.
    private static void OnlyInOne(ThreadState thread, Step step)
    {
        thread.Cause ??= thread.Parent?.Cause ?? thread.Parent?.Differed;
        thread.Cause?.Causes((step.A ?? step.B)!.RawResponsePayloadId is null ? 1 : 2);
    }

    private void Outcomes()
    {
        foreach (var thread in threads)
        {
            var (statusA, statusB) = (thread.Threads.A?.Execution.Status, thread.Threads.B?.Execution.Status);
            if (statusA != statusB)
            {
                Add(Outcome(thread.Path, NameOf(statusA), NameOf(statusB)));
            }
        }

        if (found.Count == 0 && a.Rollout.Liveness.Status != b.Rollout.Liveness.Status)
        {
            var root = a.Rollout.Index.AgentOf(a.Graph.RootThreadId);
            Add(Outcome(root, KindName.Of(a.Rollout.Liveness.Status), KindName.Of(b.Rollout.Liveness.Status)));
        }
    }

    private static string? NameOf(ExecutionStatus? status) => status?.ToString().ToLowerInvariant();

    private static RolloutDifference Outcome(string path, string? statusA, string? statusB) => new()
    {
        Kind = DifferenceKind.Outcome,
        What = DifferenceSubject.Status,
        A = new DifferencePlace { Thread = path, Request = null, Item = null, Seq = null, Text = statusA },
        B = new DifferencePlace { Thread = path, Request = null, Item = null, Seq = null, Text = statusB },
        Consequences = 0,
    };

    /// <summary>Notes a difference that does not follow from another.</summary>
    public OpenDifference Add(RolloutDifference difference)
    {
        var open = new OpenDifference(difference);
        found.Add(open);
        return open;
    }

    /// <summary>Notes what could not be compared.</summary>
    public void GiveUp(string what) => gaveUp.Add(what);

    public GivenComparison Given => given;

    public ResponseComparison Responses => responses;

    public ItemComparison Items(ThreadState thread) => new(thread, classes, tally);

    /// <summary>The thread pairs whose agents have sent an item.</summary>
    public IEnumerable<ThreadState> SendersOf(string? itemA, string? itemB)
    {
        var side = itemA is not null ? a : b;
        var sender = (itemA ?? itemB) is { } item && side.Rollout.Index.EdgeTo(item) is { } edge ? ThreadOf(side, edge.Source) : null;
        return sender is null ? [] : threads.Where(thread => (side == a ? thread.Threads.A : thread.Threads.B)?.ThreadId == sender);
    }

    private static string? ThreadOf(RunSide side, InteractionAnchor anchor) => anchor switch
    {
        ThreadAnchor thread => thread.ThreadId,
        ConversationItemAnchor item => side.Graph.ConversationItems.GetValueOrDefault(item.ItemId)?.ThreadId,
        ToolCallAnchor tool => side.Graph.ToolCalls.GetValueOrDefault(tool.ToolCallId)?.ThreadId,
        _ => null,
    };

    /// <summary>The thread pairs whose agents' doings a tool call brings back; none for a tool that has to do with no agent.</summary>
    public IEnumerable<ThreadState> AgentsOf(ThreadState thread, string? outputA, string? outputB)
    {
        var tool = outputA is not null ? a.Rollout.Index.ToolOf(outputA) : outputB is not null ? b.Rollout.Index.ToolOf(outputB) : null;
        if (tool is null)
        {
            return [];
        }

        var side = outputA is not null ? a : b;
        var targets = side.Rollout.Index.EdgesFrom(tool.ToolCallId)
            .Select(edge => ThreadOf(side, edge.Target))
            .Concat(side.Graph.Threads.Values.Where(child => side.Rollout.Index.SpawnerOf(child)?.ToolCallId == tool.ToolCallId).Select(static child => child.ThreadId))
            .ToHashSet(StringComparer.Ordinal);
        var waits = tool.Kind.Type is ToolCallKindType.WaitAgent or ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask or ToolCallKindType.CloseAgent;
        return threads.Where(child => waits && child.Parent == thread || targets.Contains((side == a ? child.Threads.A : child.Threads.B)?.ThreadId));
    }
}
