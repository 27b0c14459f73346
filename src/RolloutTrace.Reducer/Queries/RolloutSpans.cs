using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Queries;

namespace RolloutTrace.Reducer;

/// <summary>Makes the spans of a rollout after the fact.</summary>
public static class RolloutSpans
{
    /// <summary>Attribute of a span that never ended, with the value true.</summary>
    public const string Unfinished = "rollout.unfinished";

    /// <summary>
    /// The spans, each with the ids, name, times, parent, links and attributes that the live instrumentation gives it,
    /// but for what only the live process knows: fractions of milliseconds, finish reasons, process ids, types of errors,
    /// and the span around a turn. The same bundle always gives the same spans.
    /// </summary>
    /// <param name="index">The rollout.</param>
    /// <param name="bundle">Its bundle, for what the state does not keep: names of tools, and when runtimes started and ended.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static IReadOnlyList<RolloutSpan> Of(RolloutIndex index, BundleReader bundle)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(bundle);
        var facts = EventFacts.Read(bundle);
        var scope = new SpanScope(index, facts, Path.GetFileName(bundle.Directory));
        return
        [
            .. new AgentSpans(scope).Make(),
            .. new ModelSpans(scope).Make(),
            .. new ToolSpans(scope).Make(),
        ];
    }
}
