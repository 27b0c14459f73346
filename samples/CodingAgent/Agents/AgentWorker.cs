using System.Threading.Channels;
using RolloutTrace.Bundle;

namespace CodingAgent.Agents;

/// <summary>A helper at work beside its parent: a turn whenever there is something to do, and its result to the parent.</summary>
internal sealed class AgentWorker : IAsyncDisposable
{
    private readonly Channel<bool> wakeUps = Channel.CreateUnbounded<bool>();
    private readonly CancellationTokenSource closing = new();
    private readonly Task work;
    private int pending;

    public AgentWorker(Agent agent, Agent parent)
    {
        Agent = agent;
        Parent = parent;
        work = Task.Run(WorkAsync);
    }

    public Agent Agent { get; }

    public Agent Parent { get; }

    /// <summary>Whether a result is still to come.</summary>
    public bool IsBusy => Volatile.Read(ref pending) > 0;

    /// <summary>The agent sees the message with its next request; it is not woken for it.</summary>
    public void Tell(AgentMessage message) => Agent.Mailbox.Post(message);

    /// <summary>The agent gets a task, and works on it if it does not work already.</summary>
    public void Give(AgentMessage task)
    {
        Interlocked.Increment(ref pending);
        Agent.Mailbox.Post(task);
        wakeUps.Writer.TryWrite(true);
    }

    /// <summary>Ends a turn that is running, and the session.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        wakeUps.Writer.TryComplete();
        await work;
        await Agent.DisposeAsync();
        Agent.Session.Complete();
        closing.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var _ in wakeUps.Reader.ReadAllAsync())
        {
            // A task that came while the agent was at work may have been done with the one before.
            if (Agent.Mailbox.HasMessages && !closing.IsCancellationRequested)
            {
                var result = await Agent.RunTurnAsync(task: null, closing.Token);
                if (result.Status != ExecutionStatus.Cancelled)
                {
                    Parent.Mailbox.Post(new AgentResult(Agent.Path, result.Turn, result.Status, result.Text));
                }
            }

            Interlocked.Decrement(ref pending);
            Parent.Mailbox.Touch();
        }
    }
}
