using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of an activity. It hangs on it, and goes with it. What it says is written by one thread at a time and read by any.</summary>
internal sealed class ActivityPlace
{
    private volatile SpanNode? node;
    private volatile bool isCovered;
    private volatile bool isDone;
    private volatile bool hasBelow;
    private volatile bool isAwaited;
    private int httpRequests;

    /// <summary>Null as long as the span means nothing, or has not been read.</summary>
    public SpanNode? Node
    {
        get => node;
        set => node = value;
    }

    /// <summary>Whether handles inside it record the work that it stands around.</summary>
    public bool IsCovered
    {
        get => isCovered;
        set => isCovered = value;
    }

    /// <summary>Whether its end has been seen.</summary>
    public bool IsDone
    {
        get => isDone;
        set => isDone = value;
    }

    /// <summary>Whether what it says at a start below it waits to be read.</summary>
    public bool IsAwaited
    {
        get => isAwaited;
        set => isAwaited = value;
    }

    /// <summary>Whether anything but HTTP requests has been seen directly below it.</summary>
    public bool HasBelow => hasBelow;

    /// <summary>How many HTTP requests directly below it have ended.</summary>
    public int HttpRequests => Volatile.Read(ref httpRequests);

    /// <summary>A span directly below it has ended.</summary>
    public void Saw(SpanMeaning meaning)
    {
        if (meaning == SpanMeaning.Http)
        {
            Interlocked.Increment(ref httpRequests);
        }
        else
        {
            hasBelow = true;
        }
    }
}
