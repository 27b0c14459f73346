using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>
/// Adds up the tokens of responses as reduction does: those of a request that started, the last that it tells where it ends twice.
/// </summary>
internal sealed class UsageSum(BundleReader bundle)
{
    // Writers put the tokens before the output items, which are what makes a response long.
    private const int HeadBytes = 1024;

    private readonly Dictionary<string, RecordedTokenUsage?> requests = new(StringComparer.Ordinal);

    /// <summary>Number of requests that started.</summary>
    public int Requests => requests.Count;

    /// <summary>The sum; null if no response tells.</summary>
    public RecordedTokenUsage? Total => TokenSum.Of(requests.Values);

    /// <summary>A request starts; one that has started already goes on.</summary>
    public void Start(string requestId) => requests.TryAdd(requestId, null);

    /// <summary>A request ends with a response; without one, or if it cannot be read, it is as it was: reduction is what reports that.</summary>
    public void End(string requestId, PayloadReference? response)
    {
        if (response is not null && requests.ContainsKey(requestId) && (OfHead(response) ?? OfWhole(response)) is { } used)
        {
            requests[requestId] = used;
        }
    }

    private RecordedTokenUsage? OfHead(PayloadReference reference)
    {
        try
        {
            using var head = bundle.ReadPayloadHead(reference, HeadBytes);
            return head is null ? null : ResponseUsage.ParseHead(head.Span);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    private RecordedTokenUsage? OfWhole(PayloadReference reference)
    {
        try
        {
            using var payload = bundle.ReadPayload(reference);
            return ResponseUsage.Parse(payload.Memory);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    // Half a surrogate pair in a name is what the JSON reader calls an invalid operation.
    private static bool IsUnreadable(Exception e) => e is BundleException or JsonException or InvalidOperationException;
}
