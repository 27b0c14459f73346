using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Caching;

/// <summary>
/// How long what requests showed is, in bytes: instructions and tools at the head, then the items. To be asked thread by thread in the
/// order of requests: what a request adds to the one before is added.
/// </summary>
internal sealed class RequestSizes(OpenRollout rollout)
{
    private readonly Dictionary<string, long> items = new(StringComparer.Ordinal);

    /// <summary>Length of instructions and tools.</summary>
    public static long HeadOf(RequestGiven given) => given.InstructionsBytes + given.Tools.Sum(static tool => (long)tool.Bytes);

    /// <summary>Length of all items of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="before">The one before in its thread, which was asked about before; null for the first.</param>
    public long ItemsOf(InferenceCall request, InferenceCall? before)
    {
        var (known, sum) = before is not null && request.RequestItemIds.StartsWith(before.RequestItemIds)
            ? (before.RequestItemIds.Count, items.GetValueOrDefault(before.InferenceCallId))
            : (0, 0);
        sum += Between(request.RequestItemIds, known, request.RequestItemIds.Count);
        items[request.InferenceCallId] = sum;
        return sum;
    }

    /// <summary>Length of some items of a list.</summary>
    public long Between(IdList ids, int start, int end)
    {
        long sum = 0;
        for (var i = start; i < end; i++)
        {
            sum += rollout.Contents.FactOf(ids[i]).Bytes;
        }

        return sum;
    }
}
