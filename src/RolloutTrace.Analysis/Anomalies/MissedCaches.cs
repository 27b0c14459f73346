using System.Globalization;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Requests that found less in the provider's cache than they share with the one before.</summary>
internal static class MissedCaches
{
    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout)
    {
        foreach (var use in RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive))
        {
            if (use.Miss is { } miss)
            {
                var request = rollout.Graph.InferenceCalls[use.InferenceCallId];
                var before = rollout.Graph.InferenceCalls[miss.BeforeInferenceCallId];
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.CacheMissed,
                    Subject = use.InferenceCallId,
                    Message = string.Create(
                        CultureInfo.InvariantCulture,
                        $"request {use.InferenceCallId} found {use.CachedInputTokens:#,0} of about {miss.ExpectedTokens:#,0} tokens of {before.InferenceCallId} in the cache: {miss.Reason}"),
                    Evidence =
                    [
                        .. Evidence.Payload(rollout.Graph, before.RawRequestPayloadId),
                        .. Evidence.Payload(rollout.Graph, request.RawRequestPayloadId),
                        .. Evidence.Payload(rollout.Graph, request.RawResponsePayloadId),
                    ],
                };
            }
        }
    }
}
