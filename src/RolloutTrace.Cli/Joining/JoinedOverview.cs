using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>The overview of a rollout over several processes, made of those of its bundles.</summary>
internal static class JoinedOverview
{
    /// <summary>Puts it together: who and how it stands are the root's, what was done is everybody's.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="parts">Its bundles.</param>
    public static BundleOverview Of(CataloguedRollout rollout, IReadOnlyList<(CataloguedRollout Part, BundleOverview Overview)> parts)
    {
        var ofRoot = parts.Where(part => rollout.RootParts.Contains(part.Part)).Select(static part => part.Overview).OrderBy(static overview => overview.StartedAtUnixMs).ToList();
        var (first, last) = (ofRoot[0], ofRoot[^1]);
        var all = parts.Select(static part => part.Overview).ToList();
        return first with
        {
            Bundle = rollout.Name,
            Parts = parts.Count,
            LastEventAtUnixMs = all.Max(static overview => overview.LastEventAtUnixMs),
            Status = last.Status,
            StatusEvidence = last.StatusEvidence,
            Lost = all.Select(static overview => overview.Lost).FirstOrDefault(static lost => lost is not null),
            Collected = all.Select(static overview => overview.Collected).FirstOrDefault(static hole => hole is not null),
            Damage = all.Select(static overview => overview.Damage).FirstOrDefault(static damage => damage is not null),
            Agents = rollout.Agents,
            Turns = all.Sum(static overview => overview.Turns),
            Requests = all.Sum(static overview => overview.Requests),
            ToolCalls = all.Sum(static overview => overview.ToolCalls),
            Models = [.. ofRoot.Concat(all).SelectMany(static overview => overview.Models).Distinct(StringComparer.Ordinal)],
            Bytes = all.Sum(static overview => overview.Bytes),
            UnreadableLines = all.Sum(static overview => overview.UnreadableLines),
            Usage = all.Select(static overview => overview.Usage).OfType<RecordedTokenUsage>().ToList() is { Count: > 0 } used ? Sum(used) : null,
        };
    }

    private static RecordedTokenUsage Sum(List<RecordedTokenUsage> used) => new()
    {
        InputTokens = used.Sum(static usage => usage.InputTokens),
        CachedInputTokens = used.Sum(static usage => usage.CachedInputTokens),
        CacheWriteInputTokens = used.Sum(static usage => usage.CacheWriteInputTokens),
        OutputTokens = used.Sum(static usage => usage.OutputTokens),
        ReasoningOutputTokens = used.Sum(static usage => usage.ReasoningOutputTokens),
    };
}
