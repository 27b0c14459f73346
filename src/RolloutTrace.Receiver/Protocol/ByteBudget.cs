namespace RolloutTrace.Receiver.Protocol;

/// <summary>So much memory as all requests together may take. Who wants more than there is waits for others, in the order in which they came. Safe for concurrent use.</summary>
/// <param name="bytes">How much there is.</param>
internal sealed class ByteBudget(long bytes)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Turn)> waiting = [];
    private long free = bytes;

    /// <summary>Whether somebody waits.</summary>
    public bool IsWanted
    {
        get
        {
            lock (gate)
            {
                return waiting.Count > 0;
            }
        }
    }

    /// <summary>Takes a part, as soon as it is there.</summary>
    /// <param name="wanted">How much; no more than there is at all.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <exception cref="OperationCanceledException">It was not there in time.</exception>
    public async ValueTask TakeAsync(long wanted, CancellationToken stop)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node;
        lock (gate)
        {
            if (waiting.Count == 0 && wanted <= free)
            {
                free -= wanted;
                return;
            }

            node = waiting.AddLast((wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await node.Value.Turn.Task.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveUp(node);
            throw;
        }
    }

    /// <summary>Gives a part back.</summary>
    public void Return(long taken)
    {
        lock (gate)
        {
            free += taken;
            Serve();
        }
    }

    private void GiveUp(LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node)
    {
        lock (gate)
        {
            // Its turn may have come just then.
            if (node.List is null)
            {
                free += node.Value.Bytes;
            }
            else
            {
                waiting.Remove(node);
            }

            Serve();
        }
    }

    private void Serve()
    {
        while (waiting.First is { } first && first.Value.Bytes <= free)
        {
            free -= first.Value.Bytes;
            waiting.RemoveFirst();
            first.Value.Turn.SetResult();
        }
    }
}
