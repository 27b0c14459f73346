using RolloutTrace;
using RolloutTrace.Bundle;

namespace CodingAgent.Agents;

/// <summary>What one agent says to another.</summary>
internal sealed record AgentMessage(string Author, string Text);

/// <summary>What a child's turn came to.</summary>
internal sealed record AgentResult(string Author, Turn Turn, ExecutionStatus Status, string Text);

/// <summary>What waits for an agent. Messages are read before its next request, results when it asks for them. Safe for concurrent use.</summary>
internal sealed class Mailbox
{
    private readonly Lock sync = new();
    private readonly List<AgentMessage> messages = [];
    private readonly List<AgentResult> results = [];
    private TaskCompletionSource changed = NewSignal();

    public bool HasMessages
    {
        get
        {
            lock (sync)
            {
                return messages.Count > 0;
            }
        }
    }

    public void Post(AgentMessage message) => Add(messages, message);

    public void Post(AgentResult result) => Add(results, result);

    public IReadOnlyList<AgentMessage> TakeMessages() => Take(messages);

    public IReadOnlyList<AgentResult> TakeResults() => Take(results);

    /// <summary>The results that are there, of the authors sought or of any.</summary>
    public IReadOnlyList<AgentResult> ResultsOf(IReadOnlySet<string> authors)
    {
        lock (sync)
        {
            return [.. results.Where(r => authors.Count == 0 || authors.Contains(r.Author))];
        }
    }

    /// <summary>Waits until something has come since this was called.</summary>
    public Task Changed
    {
        get
        {
            lock (sync)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>Lets those who wait look again.</summary>
    public void Touch()
    {
        lock (sync)
        {
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add<T>(List<T> to, T mail)
    {
        lock (sync)
        {
            to.Add(mail);
            Signal();
        }
    }

    private void Signal()
    {
        changed.SetResult();
        changed = NewSignal();
    }

    private List<T> Take<T>(List<T> from)
    {
        lock (sync)
        {
            List<T> taken = [.. from];
            from.Clear();
            return taken;
        }
    }
}
