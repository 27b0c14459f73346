using RolloutTrace.Analysis.Exporting;

namespace RolloutTrace.Analysis;

/// <summary>Makes the spans of a rollout after the fact.</summary>
public static class RolloutSpans
{
    /// <summary>Attribute of a span that has no end, with the value true.</summary>
    public const string Unfinished = "rollout.unfinished";

    /// <summary>
    /// Attribute of a span that has no end: how its rollout stands, as <see cref="KindName"/> names its <see cref="RolloutStanding"/>. Such a span is
    /// still at work if that is <c>running</c>.
    /// </summary>
    public const string Liveness = "rollout.liveness";

    /// <summary>
    /// The spans, each with the ids, name, times, parent, links and attributes that the live instrumentation gives it. What the
    /// log does not tell is left out: of a compaction when it began and, if it was given up, how and when it ended; and the words of the
    /// errors of sessions, turns and cells. Of a bundle that some other recorder wrote there are no ids of spans, types of errors, finish reasons
    /// and process ids: the ids are derived, so that the same bundle always gives the same spans.
    /// </summary>
    /// <param name="rollout">
    /// The rollout, with its bundle. Whether it goes on decides on <see cref="Liveness"/> and the status of spans without end:
    /// <c>running</c>, or <c>unfinished</c> if they will have none. What a process that died left behind is an error,
    /// <see cref="RolloutAttributes.Error.ProcessDied"/>.
    /// </param>
    /// <param name="options">What goes onto the spans; null for the defaults.</param>
    /// <exception cref="ArgumentException">The rollout has no bundle: a state does not keep what spans need.</exception>
    public static IReadOnlyList<RolloutSpan> Of(OpenRollout rollout, RolloutSpanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var bundle = rollout.Bundle ?? throw new ArgumentException("spans need the rollout's bundle, and there is only a state", nameof(rollout));
        var scope = new SpanScope(rollout, bundle, options ?? new RolloutSpanOptions());
        List<SpanDraft> ofModels = [.. new ModelSpans(scope).Make()];

        // Turns have what their requests say.
        return SpanTimes.Settle([.. new AgentSpans(scope).Make(), .. ofModels, .. new ToolSpans(scope).Make()], scope.LastEventUnixMs);
    }
}
