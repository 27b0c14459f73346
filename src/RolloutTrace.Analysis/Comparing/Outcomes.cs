using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Sums up what a run came to.</summary>
internal static class Outcomes
{
    private const decimal Million = 1_000_000;

    /// <summary>Of a run.</summary>
    public static RolloutOutcome Of(OpenRollout rollout, IReadOnlyDictionary<string, ModelPrice>? prices)
    {
        var graph = rollout.Graph;
        var usage = rollout.Tokens.All;
        return new RolloutOutcome
        {
            Status = rollout.Liveness.Status,
            LastMessage = LastMessage(rollout),
            Requests = graph.InferenceCalls.Count,
            ToolCalls = graph.ToolCalls.Count,
            InputTokens = usage?.InputTokens,
            OutputTokens = usage?.OutputTokens,
            WallMs = WallTimes.Between(graph.StartedAtUnixMs, graph.EndedAtUnixMs),
            Cost = prices is null ? null : Cost(rollout, prices),
            Findings = [.. RolloutAnomalies.Find(rollout).Select(static anomaly => anomaly.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Files = [.. Files(rollout).Distinct(StringComparer.Ordinal)],
            Commands = [.. Commands(graph)],
        };
    }

    private static string? LastMessage(OpenRollout rollout)
    {
        foreach (var call in rollout.Index.RequestsOfThread(rollout.Graph.RootThreadId).Reverse())
        {
            foreach (var id in call.ResponseItemIds.Reverse())
            {
                if (rollout.Graph.ConversationItems[id] is { Kind: ConversationItemKind.Message, Role: ConversationRole.Assistant } said)
                {
                    return ItemText.Of(said);
                }
            }
        }

        return null;
    }

    // Half a sum would be taken for the whole.
    private static decimal? Cost(OpenRollout rollout, IReadOnlyDictionary<string, ModelPrice> prices)
    {
        decimal cost = 0;
        var used = rollout.Graph.InferenceCalls.Values.Select(static call => (call.Model, call.Usage))
            .Concat(rollout.Graph.CompactionRequests.Values.Select(request => (request.Model, rollout.Tokens.Of(request))));
        foreach (var (model, usage) in used)
        {
            if (usage is null)
            {
                continue;
            }

            if (!prices.TryGetValue(model, out var price))
            {
                return null;
            }

            cost += (((usage.InputTokens - usage.CachedInputTokens) * price.Input)
                + (usage.CachedInputTokens * (price.CachedInput ?? price.Input))
                + (usage.OutputTokens * price.Output)) / Million;
        }

        return cost;
    }

    private static IEnumerable<string> Files(OpenRollout rollout)
    {
        var patches = rollout.Graph.ToolCalls.Values.Where(static tool => tool.Kind.Type == ToolCallKindType.ApplyPatch).OrderBy(static tool => tool.Execution.StartedSeq);
        foreach (var payloadId in patches.SelectMany(static tool => tool.RawRuntimePayloadIds))
        {
            var reference = rollout.Graph.RawPayloads.GetValueOrDefault(payloadId);
            foreach (var file in rollout.Payloads?.Document(reference, static document => Changed(document)) ?? [])
            {
                yield return file;
            }
        }
    }

    private static List<string> Changed(JsonElement runtime) =>
        JsonText.Member(runtime, "changes") is { ValueKind: JsonValueKind.Object } changes ? [.. changes.EnumerateObject().Select(static change => JsonText.Name(change, out _))] : [];

    private static IEnumerable<string> Commands(RolloutGraph graph) =>
        graph.TerminalOperations.Values.OrderBy(static operation => operation.Execution.StartedSeq).Select(static operation => operation.Request).OfType<ExecCommandRequest>().Select(static request => request.DisplayCommand);
}
