using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>Adds up the tokens of responses.</summary>
internal struct UsageSum
{
    public TokenUsage? Total { get; private set; }

    public void Add(BundleReader bundle, string responsePath)
    {
        try
        {
            using var payload = bundle.ReadPayload(new PayloadReference { RawPayloadId = "", Kind = PayloadKind.InferenceResponse, Path = responsePath });
            Total = TokenSum.Of([Total, ResponseUsage.Parse(payload.Span)]);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            // A response that cannot be read adds nothing to an overview; reduction is what reports it.
        }
    }
}
