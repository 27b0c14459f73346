using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>What the payload of a request says of itself, beside what was sent.</summary>
internal static class RecordedAs
{
    /// <summary>Whether the request was made of what a log has of other things.</summary>
    public static bool IsReconstructed(OpenRollout rollout, InferenceCall request) => Has(rollout, request, "reconstructed");

    /// <summary>Whether the conversation went back to an earlier point before the request.</summary>
    public static bool IsRewound(OpenRollout rollout, InferenceCall request) => Has(rollout, request, "rewound");

    private static bool Has(OpenRollout rollout, InferenceCall request, string name) =>
        rollout.GivenOf(request)?.Parameters.Any(parameter => parameter.Name == name && parameter.Value == "true") == true;
}
