using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>The question behind every test: is what the model got and gave what the bundles say?</summary>
internal static class Wire
{
    /// <summary>Every exchange that the model had is in the bundles with exactly what it saw and gave, and nothing else is.</summary>
    public static void ShouldBeRecorded(this ScriptedModel model, IReadOnlyList<OpenRollout> rollouts, int cachedTokens = 40)
    {
        var requests = Recorded.Requests(rollouts).ToList();
        var exchanges = model.Exchanges.ToList();
        requests.Count.ShouldBe(exchanges.Count);
        foreach (var exchange in exchanges)
        {
            var saw = exchange.Saw.ToList();
            var instructions = saw.Where(line => line.StartsWith("system: ", StringComparison.Ordinal)).Select(line => line["system: ".Length..]).ToList();
            var found = requests.FindIndex(r => exchange.ResponseId is null ? r.Call.ResponseId is null && IsSame(r, saw) : r.Call.ResponseId == exchange.ResponseId);
            found.ShouldBeGreaterThanOrEqualTo(0, $"no request for {exchange.ResponseId}: {string.Join(" | ", saw)}");
            var (rollout, call) = requests[found];
            requests.RemoveAt(found);

            string.Join("\n", Instructions(rollout, call).Concat(Recorded.Saw(rollout, call).Where(line => !line.StartsWith("system: ", StringComparison.Ordinal))))
                .ShouldBe(string.Join("\n", instructions.Concat(saw.Where(line => !line.StartsWith("system: ", StringComparison.Ordinal)))));
            if (exchange.Answer is not null && call.Execution.Status == RolloutTrace.Bundle.ExecutionStatus.Completed)
            {
                Recorded.Gave(rollout, call).ShouldBe(exchange.Gave);
                call.Usage.ShouldNotBeNull().InputTokens.ShouldBe(100);
                call.Usage.CachedInputTokens.ShouldBe(cachedTokens);
                call.Usage.OutputTokens.ShouldBe(10);
            }
        }
    }

    /// <summary>Nothing in the bundles is missing, guessed wrong or unsound.</summary>
    public static void ShouldBeSound(this IEnumerable<OpenRollout> rollouts, params string[] but)
    {
        foreach (var rollout in rollouts)
        {
            rollout.Diagnostics.ShouldBeEmpty();
            RolloutAnomalies.Find(rollout).Where(anomaly => anomaly.Code is not (AnomalyCodes.RequestFailed or AnomalyCodes.CallFailed) && !but.Contains(anomaly.Code)).Select(anomaly => $"{anomaly.Code}: {anomaly.Message}").ShouldBeEmpty();
            RolloutReducer.Reduce(rollout.Bundle!, new ReductionOptions { Strict = true }).Diagnostics.ShouldBeEmpty();
        }
    }

    private static IEnumerable<string> Instructions(OpenRollout rollout, InferenceCall call) =>
        rollout.GivenOf(call)?.Instructions is { } given
            ? [given]
            : Recorded.Saw(rollout, call).Where(line => line.StartsWith("system: ", StringComparison.Ordinal)).Select(line => line["system: ".Length..]);

    private static bool IsSame((OpenRollout Rollout, InferenceCall Call) request, List<string> saw) =>
        Recorded.Saw(request.Rollout, request.Call).Where(line => !line.StartsWith("system: ", StringComparison.Ordinal)).SequenceEqual(saw.Where(line => !line.StartsWith("system: ", StringComparison.Ordinal)), StringComparer.Ordinal);
}
