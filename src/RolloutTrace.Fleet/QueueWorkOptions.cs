namespace RolloutTrace.Fleet;

/// <summary>How a worker works at a queue.</summary>
public sealed record QueueWorkOptions
{
    /// <summary>How many times one is tried before it goes to the dead letters; from 1, 5 by default.</summary>
    public int MaxDeliveries { get; init; } = 5;

    /// <summary>How long the queue is asked for one before it is asked again, and whether to stop is looked at; at least 1 s, 2 s by default.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it waits before one is tried again, at first; twice as long each time. 500 ms by default.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long it waits before it looks again for what is out of reach; 5 s by default.</summary>
    public TimeSpan OutOfReach { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Is told what became of each, and what is wrong with the queue.</summary>
    public IWorkListener? Listener { get; init; }
}
