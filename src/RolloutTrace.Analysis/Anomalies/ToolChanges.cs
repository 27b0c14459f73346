namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Requests with other tools than the one before in their conversation.</summary>
internal static class ToolChanges
{
    private const int MostNamed = 5;

    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        foreach (var (request, change) in GivenChangesInOrder.Of(rollout))
        {
            if (change.AreToolsChanged)
            {
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.ToolsChanged,
                    Subject = request.InferenceCallId,
                    Message = $"request {request.InferenceCallId} has other tools than {change.BeforeInferenceCallId}: {string.Join("; ", How(change))}",
                    Evidence = GivenChangesInOrder.EvidenceOf(rollout.Graph, request, change),
                };
            }
        }
    }

    private static IEnumerable<string> How(GivenChange change)
    {
        if (change.ToolsAdded.Count > 0)
        {
            yield return $"added {Named(change.ToolsAdded)}";
        }

        if (change.ToolsRemoved.Count > 0)
        {
            yield return $"removed {Named(change.ToolsRemoved)}";
        }

        if (change.ToolsChanged.Count > 0)
        {
            yield return $"changed {Named([.. change.ToolsChanged.Select(static tool => tool.Member.Length == 0 ? tool.Name : $"{tool.Name} ({tool.Member})")])}";
        }

        if (change.AreToolsReordered)
        {
            yield return "they stand in another order";
        }
    }

    private static string Named(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
