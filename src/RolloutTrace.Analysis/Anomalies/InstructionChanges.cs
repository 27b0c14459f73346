namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Requests with other instructions than the one before in their conversation.</summary>
internal static class InstructionChanges
{
    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        foreach (var (request, change) in GivenChangesInOrder.Of(rollout))
        {
            if (change.Instructions is { } instructions)
            {
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.InstructionsChanged,
                    Subject = request.InferenceCallId,
                    Message = $"request {request.InferenceCallId} has {How(instructions, change.BeforeInferenceCallId)}",
                    Evidence = GivenChangesInOrder.EvidenceOf(rollout.Graph, request, change),
                };
            }
        }
    }

    private static string How(TextChange change, string before) => change switch
    {
        { Was: null } => $"instructions, and {before} had none: \"{change.Is}\"",
        { Is: null } => $"no instructions, and {before} had some: \"{change.Was}\"",
        _ => $"other instructions than {before} from character {change.At + 1} on: \"{change.Was}\" is now \"{change.Is}\"",
    };
}
