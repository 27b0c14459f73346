using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>
/// Where the wall clock goes back from one event to the next, as far as the state keeps their times. What was recorded from another library's
/// spans was told when a span had ended, with the times of the span: of calls side by side the one that ends last may have begun first. What a call gave is told
/// when the model gets it, with the time at which the call had run, unless it would have ended before it began.
/// </summary>
internal static class ClockSteps
{
    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        var graph = rollout.Graph;
        HashSet<long>? tools = null;
        Moment? last = null;
        foreach (var entry in Moments(ExecutionWindows.Of(graph, FromSpans(rollout))).Distinct().OrderBy(static entry => entry.Seq))
        {
            var step = entry.Time - (last?.Time ?? entry.Time);
            if (step < 0 && (tools ??= EndsOfTools(graph)).Contains(entry.Seq))
            {
                continue;
            }

            if (step < 0)
            {
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.ClockStep,
                    Subject = graph.RolloutId,
                    Message = $"the clock goes back by {-step} ms between seq {last!.Seq} and seq {entry.Seq}",
                    Evidence = [Evidence.Event(last.Seq), Evidence.Event(entry.Seq)],
                };
            }

            last = entry;
        }
    }

    private static IEnumerable<Moment> Moments(IEnumerable<ExecutionWindow> windows)
    {
        foreach (var window in windows)
        {
            yield return new Moment(window.StartedSeq, window.StartedAtUnixMs);
            if (window.EndedSeq is { } seq && window.EndedAtUnixMs is { } time)
            {
                yield return new Moment(seq, time);
            }
        }
    }

    private static HashSet<long> EndsOfTools(RolloutGraph graph)
    {
        var ends = new HashSet<long>();
        foreach (var tool in graph.ToolCalls.Values)
        {
            if (tool.Execution.EndedSeq is { } seq && tool.Execution.EndedAtUnixMs >= tool.Execution.StartedAtUnixMs)
            {
                ends.Add(seq);
            }
        }

        return ends;
    }

    private static HashSet<string> FromSpans(OpenRollout rollout)
    {
        var threads = new HashSet<string>(StringComparer.Ordinal);
        if (rollout.Bundle is { } bundle)
        {
            var payloads = new PayloadLookup(bundle);
            foreach (var (threadId, metadata) in rollout.Facts.ThreadMetadata)
            {
                if (payloads.Document(metadata, static said => JsonText.Member(said, "thread_rule_is_guess").ValueKind is JsonValueKind.True or JsonValueKind.False))
                {
                    threads.Add(threadId);
                }
            }
        }

        return threads;
    }

    private sealed record Moment(long Seq, long Time);
}
