using System.Diagnostics;

namespace RolloutTrace;

/// <summary>Where tracing a rollout begins.</summary>
public static class RolloutTracing
{
    /// <summary>
    /// Starts the session of a root agent, and with it a rollout. The session's span is the root of the rollout's trace and never
    /// current. When nobody listens to <see cref="RolloutActivitySource.Name"/> now, nothing of the rollout is traced.
    /// </summary>
    public static AgentSession StartSession(in AgentSessionOptions options = default) =>
        StartSession(RolloutActivitySource.Source, options);

    internal static AgentSession StartSession(ActivitySource source, in AgentSessionOptions options) =>
        source.HasListeners() ? AgentSession.StartRoot(source, options) : AgentSession.Disabled;
}
