using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>
/// The tool call of another agent that brings about an agent's next turn: its spawn, else the first task that it got, else the first
/// message. What a request of a running turn carries brings about no turn any more. Safe for concurrent use.
/// </summary>
internal sealed class TurnCause
{
    private readonly Lock sync = new();
    private ActivityContext spawn;
    private ActivityContext task;
    private ActivityContext message;

    /// <summary>Notes what another agent did.</summary>
    /// <param name="kind">How the link is called that stands for it.</param>
    /// <param name="call">The tool call's span.</param>
    public void Note(LinkKind kind, ActivityContext call)
    {
        lock (sync)
        {
            ref var cause = ref message;
            if (ReferenceEquals(kind, LinkKind.SpawnAgent))
            {
                cause = ref spawn;
            }
            else if (ReferenceEquals(kind, LinkKind.AssignAgentTask))
            {
                cause = ref task;
            }

            if (cause.SpanId == default)
            {
                cause = call;
            }
        }
    }

    /// <summary>What brings about the turn that starts now, which is for nothing else from here on; the default value for nothing.</summary>
    public ActivityContext Take()
    {
        lock (sync)
        {
            var taken = spawn.SpanId != default ? spawn : task.SpanId != default ? task : message;
            (spawn, task, message) = (default, default, default);
            return taken;
        }
    }
}
