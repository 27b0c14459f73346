using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Requests that fail in a row, and requests whose history is another than the one before.</summary>
internal static class RequestTrouble
{
    private const int Storm = 3;
    private const int MostWords = 3;
    private const int PreviewLength = 100;

    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout, KnownHistories known)
    {
        var index = rollout.Index;
        foreach (var thread in index.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            var requests = index.RequestsOfThread(thread.ThreadId);
            foreach (var anomaly in Storms(rollout, requests).Concat(ChangedHistories(rollout, known, thread, requests)))
            {
                yield return anomaly;
            }
        }
    }

    /// <summary>The runs of requests that gave nothing, long enough to be called storms.</summary>
    public static IEnumerable<IReadOnlyList<InferenceCall>> StormsOf(IReadOnlyList<InferenceCall> requests)
    {
        for (var start = 0; start < requests.Count;)
        {
            var end = start;
            while (end < requests.Count && GaveNothing(requests, end))
            {
                end++;
            }

            if (end - start >= Storm)
            {
                yield return [.. requests.Skip(start).Take(end - start)];
            }

            start = Math.Max(end, start + 1);
        }
    }

    private static IEnumerable<RolloutAnomaly> Storms(OpenRollout rollout, IReadOnlyList<InferenceCall> requests) => StormsOf(requests).Select(storm => new RolloutAnomaly
    {
        Code = AnomalyCodes.RetryStorm,
        Subject = storm[0].InferenceCallId,
        Message = $"{storm.Count} requests in a row gave nothing, from {storm[0].InferenceCallId} to {storm[^1].InferenceCallId}{WordsOf(rollout, storm)}",
        Evidence = [Evidence.Event(storm[0].Execution.StartedSeq), Evidence.Event(storm[^1].Execution.StartedSeq)],
    });

    private static string WordsOf(OpenRollout rollout, IEnumerable<InferenceCall> requests)
    {
        var words = requests.Select(rollout.Failures.Of).OfType<string>().Select(static text => ItemText.Preview(text, PreviewLength)).Where(static text => text.Length > 0).Distinct().ToList();
        return words.Count == 0 ? "" : $": {string.Join("; ", words.Take(MostWords))}{(words.Count > MostWords ? "; and more" : "")}";
    }

    // A request that was given up counts if its turn went on with another: the last one of a turn that the user interrupted does not.
    private static bool GaveNothing(IReadOnlyList<InferenceCall> requests, int i) => requests[i].Execution.Status switch
    {
        ExecutionStatus.Failed => true,
        ExecutionStatus.Cancelled or ExecutionStatus.Aborted =>
            i + 1 < requests.Count && string.Equals(requests[i].CodexTurnId, requests[i + 1].CodexTurnId, StringComparison.Ordinal),
        _ => false,
    };

    private static IEnumerable<RolloutAnomaly> ChangedHistories(OpenRollout rollout, KnownHistories known, AgentThread thread, IReadOnlyList<InferenceCall> requests)
    {
        var graph = rollout.Graph;
        var compactions = graph.Compactions.Values
            .Where(compaction => string.Equals(compaction.ThreadId, thread.ThreadId, StringComparison.Ordinal))
            .OrderBy(static compaction => compaction.InstalledAtUnixMs)
            .ToList();
        var beside = new SideBySide(graph);
        for (var i = 1; i < requests.Count; i++)
        {
            var (before, now) = (requests[i - 1], requests[i]);
            beside.Add(before);
            if (beside.Includes(now) || known.IsUnsure(before) || known.IsUnsure(now) || known.IsEventLostBetween(before.Execution.StartedSeq, now.Execution.StartedSeq))
            {
                continue;
            }

            var same = Histories.CommonLength(graph, before.RequestItemIds, now.RequestItemIds);
            if (beside.LeadsTo(now, same))
            {
                continue;
            }

            if (same == before.RequestItemIds.Count || compactions.Exists(compaction => IsBetween(rollout.Facts, compaction, before, now)))
            {
                continue;
            }

            var what = same == now.RequestItemIds.Count
                ? $"leaves out the last {before.RequestItemIds.Count - same} of {before.RequestItemIds.Count} items"
                : $"goes another way from item {same + 1} on, {now.RequestItemIds[same]}";
            var isRewound = RecordedAs.IsRewound(rollout, now);
            yield return new RolloutAnomaly
            {
                Code = isRewound ? AnomalyCodes.Rewound : AnomalyCodes.HistoryChanged,
                Subject = now.InferenceCallId,
                Message = isRewound
                    ? $"the conversation went back before request {now.InferenceCallId}: it keeps the first {same} of the {before.RequestItemIds.Count} items of {before.InferenceCallId}"
                    : $"request {now.InferenceCallId} does not continue the history of {before.InferenceCallId}: it {what}",
                Evidence = [Evidence.Event(now.Execution.StartedSeq), .. Evidence.Payload(graph, now.RawRequestPayloadId)],
            };
        }
    }

    // The first request behind a compaction shows the replacement, whole or in part; where it shows none of it, the log tells, and where
    // there is only a state the clock.
    private static bool IsBetween(RolloutFacts facts, RecordedCompaction compaction, InferenceCall before, InferenceCall now) =>
        (compaction.ReplacementItemIds.Count > 0
            && now.RequestItemIds.Take(compaction.ReplacementItemIds.Count).Equals(compaction.ReplacementItemIds)
            && !before.RequestItemIds.Take(compaction.ReplacementItemIds.Count).Equals(compaction.ReplacementItemIds))
        || (facts.CompactionSeqs.TryGetValue(compaction.CompactionId, out var seq)
            ? seq >= before.Execution.StartedSeq && seq <= now.Execution.StartedSeq
            : compaction.InstalledAtUnixMs >= before.Execution.StartedAtUnixMs && compaction.InstalledAtUnixMs <= now.Execution.StartedAtUnixMs);
}
