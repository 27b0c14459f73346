using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Adds up the tokens of responses.</summary>
internal struct UsageSum
{
    // Writers put the tokens before the output items, which are what makes a response long.
    private const int HeadBytes = 1024;

    public RecordedTokenUsage? Total { get; private set; }

    public void Add(BundleReader bundle, PayloadReference reference)
    {
        try
        {
            Total = TokenSum.Of([Total, OfHead(bundle, reference) ?? OfWhole(bundle, reference)]);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            // A response that cannot be read adds nothing to an overview; reduction is what reports it.
        }
    }

    private static RecordedTokenUsage? OfHead(BundleReader bundle, PayloadReference reference)
    {
        using var head = bundle.ReadPayloadHead(reference, HeadBytes);
        return head is null ? null : ResponseUsage.ParseHead(head.Span);
    }

    private static RecordedTokenUsage? OfWhole(BundleReader bundle, PayloadReference reference)
    {
        using var payload = bundle.ReadPayload(reference);
        return ResponseUsage.Parse(payload.Span);
    }
}
