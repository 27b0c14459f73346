using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Caching;

/// <summary>Finds the requests that missed the cache, and why.</summary>
internal sealed class CacheMisses(OpenRollout rollout, TimeSpan timeToLive)
{
    // The least that providers cache.
    private const long LeastTokens = 1024;

    private readonly RequestSizes sizes = new(rollout);
    private readonly RequestComparison comparison = new(rollout);

    // A provider that was never seen to cache may not do it, or not say it.
    private readonly HashSet<KnownModel> caching = rollout.Graph.InferenceCalls.Values
        .Where(static request => request.Usage is { CachedInputTokens: >= LeastTokens })
        .Select(static request => new KnownModel(request.ProviderName, request.Model))
        .ToHashSet();

    public IEnumerable<CacheUse> Find()
    {
        foreach (var thread in rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            InferenceCall? before = null;
            var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var request in rollout.Index.RequestsOfThread(thread.ThreadId))
            {
                var length = sizes.ItemsOf(request, before) + (rollout.GivenOf(request) is { } given ? RequestSizes.HeadOf(given) : 0);
                lengths[request.InferenceCallId] = length;
                before = request;
                if (request.Usage is { } usage)
                {
                    var answered = rollout.Contents.AnsweredBefore(request.InferenceCallId);
                    yield return new CacheUse
                    {
                        InferenceCallId = request.InferenceCallId,
                        ThreadId = request.ThreadId,
                        StartedAtUnixMs = request.Execution.StartedAtUnixMs,
                        InputTokens = usage.InputTokens,
                        CachedInputTokens = usage.CachedInputTokens,
                        Miss = answered is null ? null : Compare(answered, lengths[answered.InferenceCallId], request, length, usage),
                    };
                }
            }
        }
    }

    private static bool IsClearlyLess(long cached, long expected) => expected - cached >= LeastTokens && expected - cached >= expected / 4;

    private CacheMiss? Compare(InferenceCall before, long beforeLength, InferenceCall now, long length, RecordedTokenUsage usage)
    {
        var expected = Tokens(Math.Min(beforeLength, length));
        if (!IsClearlyLess(usage.CachedInputTokens, expected) || !IsOfWhatIsKnown(usage, length) || !IsOfWhatIsKnown(before.Usage, beforeLength))
        {
            return null;
        }

        var difference = comparison.FirstDifference(before, now);
        var shared = difference is null ? expected : Math.Min(expected, Tokens(SharedLength(difference, now)));
        var pause = PauseBetween(before, now);

        // What is the same should have been cached whatever came behind it.
        if (difference is null || (difference.Cause == CacheMissCause.Item && IsClearlyLess(usage.CachedInputTokens, shared)))
        {
            if (pause > timeToLive.TotalMilliseconds)
            {
                difference = new RequestDifference(CacheMissCause.Expired);
            }
            else if (difference is null && !caching.Contains(new KnownModel(now.ProviderName, now.Model)))
            {
                return null;
            }
        }

        return new CacheMiss
        {
            BeforeInferenceCallId = before.InferenceCallId,
            Cause = difference?.Cause ?? CacheMissCause.Unexplained,
            Place = difference?.Index + 1,
            Subject = difference?.Subject,
            Member = difference?.Member,
            Change = difference?.Change,
            PauseMs = pause,
            ExpectedTokens = expected,
            SharedTokens = shared,
            MissedTokens = expected - usage.CachedInputTokens,
        };

        // By bytes, and never more than the request before had of them.
        long Tokens(long part)
        {
            var share = Share(usage.InputTokens, part, length);
            return before.Usage is { } known ? Math.Min(share, Share(known.InputTokens, Math.Min(part, beforeLength), beforeLength)) : share;
        }
    }

    private long SharedLength(RequestDifference difference, InferenceCall now) => difference is { Cause: CacheMissCause.Item, Index: { } index }
        ? RequestSizes.HeadOf(rollout.GivenOf(now)!) + sizes.Between(now.RequestItemIds, 0, Math.Min(index, now.RequestItemIds.Count))
        : difference is { Cause: CacheMissCause.Compaction } ? RequestSizes.HeadOf(rollout.GivenOf(now)!) : 0;

    // A token is a byte at least: of more tokens than bytes, most stood elsewhere, in images or with the provider.
    private static bool IsOfWhatIsKnown(RecordedTokenUsage? usage, long length) => usage is null || usage.InputTokens <= length;

    private static long Share(long tokens, long part, long whole) => whole == 0 ? 0 : (long)(tokens * ((double)part / whole));

    private static long? PauseBetween(InferenceCall before, InferenceCall now) =>
        now.Execution.StartedAtUnixMs - (before.Execution.EndedAtUnixMs ?? before.Execution.StartedAtUnixMs) is >= 0 and var pause ? pause : null;

    private sealed record KnownModel(string Provider, string Model);
}
