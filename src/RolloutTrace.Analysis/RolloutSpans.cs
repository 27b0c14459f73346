using RolloutTrace.Analysis.Exporting;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>Makes the spans of a rollout after the fact.</summary>
public static class RolloutSpans
{
    /// <summary>Attribute of a span that has no end, with the value true.</summary>
    public const string Unfinished = "rollout.unfinished";

    /// <summary>
    /// Attribute of a span that has no end: how its rollout stands, as <see cref="RolloutLiveness.Status"/> has it. Such a span is
    /// still at work if that is <c>running</c>.
    /// </summary>
    public const string Liveness = "rollout.liveness";

    /// <summary>
    /// The spans, each with the ids, name, times, parent, links and attributes that the live instrumentation gives it. What the
    /// log does not tell is left out: fractions of milliseconds, and of a compaction when it began and, if it was given up, how
    /// and when it ended. Of a bundle that some other recorder wrote there are no ids of spans, types of errors, finish reasons
    /// and process ids: the ids are derived, so that the same bundle always gives the same spans.
    /// </summary>
    /// <param name="index">The rollout.</param>
    /// <param name="bundle">Its bundle, for what the state does not keep: names of tools, and when runtimes started and ended.</param>
    /// <param name="withContent">
    /// Whether model requests and tool calls have their message content as attributes, cut to 3072 bytes each as live spans have it
    /// by default. Every payload with content is read for it.
    /// </param>
    /// <param name="liveness">
    /// Whether the rollout goes on, for <see cref="Liveness"/> and the status of spans without end: <c>running</c>, or
    /// <c>unfinished</c> if they will have none. Null to say what the state says, and no more.
    /// </param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static IReadOnlyList<RolloutSpan> Of(RolloutIndex index, BundleReader bundle, bool withContent = false, RolloutLiveness? liveness = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(bundle);
        var scope = new SpanScope(index, bundle, withContent, liveness);
        return
        [
            .. new AgentSpans(scope).Make(),
            .. new ModelSpans(scope).Make(),
            .. new ToolSpans(scope).Make(),
        ];
    }
}
