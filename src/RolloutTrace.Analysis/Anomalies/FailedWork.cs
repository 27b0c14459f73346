using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Requests and calls that failed, with the words of who knew why; what failed for the same reason is told once. Requests that fail in a row are a storm, and told as one.</summary>
internal static class FailedWork
{
    private const int PreviewLength = 200;

    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        foreach (var thread in rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            var failures = Requests(rollout, thread.ThreadId).Concat(Calls(rollout, thread.ThreadId)).OrderBy(static failure => failure.Run.StartedSeq);
            foreach (var same in failures.GroupBy(static failure => failure.Reason))
            {
                yield return Anomaly(same.Key, [.. same]);
            }
        }
    }

    private static IEnumerable<Failure> Requests(OpenRollout rollout, string threadId)
    {
        var storms = RequestTrouble.StormsOf(rollout.Index.RequestsOfThread(threadId)).SelectMany(static storm => storm).ToHashSet();
        foreach (var request in rollout.Index.RequestsOfThread(threadId).Where(request => request.Execution.Status == ExecutionStatus.Failed && !storms.Contains(request)))
        {
            yield return new Failure(new Reason(AnomalyCodes.RequestFailed, "request", WordsOf(rollout.Failures.Of(request))), request.InferenceCallId, request.Execution);
        }

        foreach (var request in rollout.Graph.CompactionRequests.Values.Where(request =>
            request.Execution.Status == ExecutionStatus.Failed && string.Equals(request.ThreadId, threadId, StringComparison.Ordinal)))
        {
            yield return new Failure(new Reason(AnomalyCodes.RequestFailed, "compaction request", WordsOf(rollout.Failures.Of(request))), request.CompactionRequestId, request.Execution);
        }
    }

    // A command that failed is a call that failed, though it completed.
    private static IEnumerable<Failure> Calls(OpenRollout rollout, string threadId)
    {
        foreach (var tool in rollout.Graph.ToolCalls.Values.Where(tool => string.Equals(tool.ThreadId, threadId, StringComparison.Ordinal)))
        {
            var words = tool.Execution.Status is ExecutionStatus.Failed or ExecutionStatus.Completed ? rollout.Failures.Of(tool) : null;
            if (words is not null || tool.Execution.Status == ExecutionStatus.Failed)
            {
                yield return new Failure(new Reason(AnomalyCodes.CallFailed, $"call of {RolloutIndex.NameOf(tool.Kind)}", WordsOf(words)), tool.ToolCallId, tool.Execution);
            }
        }

        foreach (var cell in rollout.Graph.CodeCells.Values.Where(cell =>
            cell.RuntimeStatus == CodeCellRuntimeStatus.Failed && string.Equals(cell.ThreadId, threadId, StringComparison.Ordinal)))
        {
            yield return new Failure(new Reason(AnomalyCodes.CallFailed, "code cell", WordsOf(rollout.Failures.Of(cell))), cell.CodeCellId, cell.Execution);
        }
    }

    private static RolloutAnomaly Anomaly(Reason same, List<Failure> failures)
    {
        var (first, last) = (failures[0], failures[^1]);
        var why = same.Words.Length > 0 ? $": {same.Words}" : ", and nobody says why";
        return new RolloutAnomaly
        {
            Code = same.Code,
            Subject = first.Id,
            Message = failures.Count == 1
                ? $"{same.What} {first.Id} failed{why}"
                : $"{failures.Count} times a {same.What} failed, from {first.Id} to {last.Id}{why}",
            Evidence = failures.Count == 1 ? EvidenceOf(first) : [.. EvidenceOf(first), .. EvidenceOf(last)],
        };
    }

    private static Evidence[] EvidenceOf(Failure failure) =>
        failure.Run.EndedSeq is { } end ? [Evidence.Event(failure.Run.StartedSeq), Evidence.Event(end)] : [Evidence.Event(failure.Run.StartedSeq)];

    private static string WordsOf(string? words) => words is null ? "" : ItemText.Preview(words, PreviewLength);

    private sealed record Failure(Reason Reason, string Id, ExecutionWindow Run);

    private sealed record Reason(string Code, string What, string Words);
}
