using System.Diagnostics;
using RolloutTrace.Callers;

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

    /// <summary>
    /// Starts the session of a root agent that goes on where an earlier one ended, or was cut off, perhaps in another process: a new bundle
    /// of the same rollout, whose manifest says from which one it goes on.
    /// </summary>
    /// <param name="bundleOrId">
    /// The earlier bundle, a directory or the path of its <c>manifest.json</c>; or the id of its root thread, and then the recorder
    /// looks for the latest bundle of that thread below its own directory. Where there is something at that path which is no bundle, a rollout
    /// of its own starts, with a warning of the EventSource <c>OpenTelemetry-RolloutTrace-Core</c>.
    /// </param>
    /// <param name="options">What else is known; thread, rollout and the bundle before are the earlier session's.</param>
    public static AgentSession ResumeSession(string bundleOrId, in AgentSessionOptions options = default) =>
        StartSession(ResumedSession.Of(bundleOrId, options));

    /// <summary>
    /// Reads who started this process from the variables TRACEPARENT, TRACESTATE and BAGGAGE, and takes them out of the environment, so that what
    /// this process starts is not taken for the caller's. The first session that starts without a current span has it as its
    /// <see cref="AgentSessionOptions.Caller"/>. <c>AddRolloutTracing()</c> calls it; later calls find nothing new and do nothing.
    /// </summary>
    public static void ReadProcessCaller() => ProcessCaller.Read();

    internal static AgentSession StartSession(ActivitySource source, in AgentSessionOptions options) =>
        source.HasListeners() ? AgentSession.StartRoot(source, options) : AgentSession.Disabled;
}
