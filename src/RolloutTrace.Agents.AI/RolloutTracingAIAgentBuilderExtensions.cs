using RolloutTrace.Agents.AI;

namespace Microsoft.Agents.AI;

/// <summary>Adds the recording of rollouts to an agent.</summary>
public static class RolloutTracingAIAgentBuilderExtensions
{
    /// <summary>
    /// Records each run of the agent as a turn of a thread that has the agent's name: runs with the same session are turns of one
    /// thread, also after the session was stored and read again. A run inside a tool call is an agent that the call has spawned, a
    /// run inside another agent's run one that it handed the work. The requests of an agent on a chat client are recorded too; best if
    /// that client has <c>UseRolloutTracing()</c> itself, since then each is seen where it goes out.
    /// </summary>
    /// <remarks>
    /// It records where a tracing pipeline has <c>AddRolloutTracing()</c>, and does nothing where none has. The session's state gets
    /// one entry, <c>rollout_trace.thread</c>. Nothing that goes wrong in it reaches the caller, and no update waits for it.
    /// </remarks>
    public static AIAgentBuilder UseRolloutTracing(this AIAgentBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(static inner => new RolloutTracingAgent(inner));
    }
}
