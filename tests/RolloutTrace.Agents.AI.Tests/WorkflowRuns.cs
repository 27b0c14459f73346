using System.Diagnostics;

namespace RolloutTrace.Agents.AI.Tests;

/// <summary>The runs of workflows that have ended in the test's own flow. A workflow runs on threads of its own, when it finds something to do.</summary>
internal sealed class WorkflowRuns : IDisposable
{
    private static readonly AsyncLocal<WorkflowRuns?> Current = new();

    private readonly Lock gate = new();
    private readonly ActivityListener listener;
    private readonly List<(int Ended, TaskCompletionSource Reached)> waiting = [];

    public WorkflowRuns()
    {
        Current.Value = this;
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Microsoft.Agents.AI", StringComparison.Ordinal)
                || source.Name.StartsWith("Experimental.Microsoft.Agents.AI", StringComparison.Ordinal),
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>How many have ended.</summary>
    public int Ended { get; private set; }

    /// <summary>Waits until so many have ended.</summary>
    public Task UntilAsync(int ended)
    {
        lock (gate)
        {
            if (Ended >= ended)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((ended, reached));
            return reached.Task;
        }
    }

    public void Dispose() => listener.Dispose();

    private void Stopped(Activity span)
    {
        if (span.OperationName != "invoke_workflow" || !ReferenceEquals(Current.Value, this))
        {
            return;
        }

        lock (gate)
        {
            Ended++;
            foreach (var (_, reached) in waiting.Where(one => one.Ended <= Ended))
            {
                reached.TrySetResult();
            }
        }
    }
}
