namespace RolloutTrace.Analysis.Comparing;

/// <summary>How far a pair of threads has been compared, and what is known to differ by then.</summary>
internal sealed class ThreadState(ThreadPair threads, ThreadState? parent, SideHistory a, SideHistory b)
{
    private readonly HashSet<(DifferenceSubject, string?, string?, string?)> given = [];
    private int lastNumber = -1;

    public ThreadPair Threads => threads;

    /// <summary>The thread that spawned it; null for the root.</summary>
    public ThreadState? Parent => parent;

    public SideHistory A => a;

    public SideHistory B => b;

    /// <summary>The agent's path in the first run, or in the second if only that has it.</summary>
    public string Path => (threads.A ?? threads.B)!.AgentPath;

    /// <summary>What the next that differs follows from; null as long as all is alike.</summary>
    public OpenDifference? Cause { get; set; }

    /// <summary>What differed last, whether or not all was alike again later; null if nothing ever did.</summary>
    public OpenDifference? Differed { get; private set; }

    /// <summary>The model is shown other things from here on.</summary>
    public void Follows(OpenDifference cause) => Cause = Differed = cause;

    /// <summary>Whether a difference of what is given was not told before.</summary>
    public bool TryTell(GivenDifference difference) => given.Add(difference.Key);

    /// <summary>Items stand for each other although they differ; null for one that only one run has.</summary>
    public void Tell(string? itemA, string? itemB)
    {
        var number = itemA is null || itemB is null ? -1 : --lastNumber;
        if (itemA is not null)
        {
            a.Tell(itemA, number);
        }

        if (itemB is not null)
        {
            b.Tell(itemB, number);
        }
    }
}
