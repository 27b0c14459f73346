using System.Runtime.InteropServices;
using RolloutTrace.Analysis.Caching;
using RolloutTrace.Analysis.Given;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Tells what fills the context of a model, and how it grew.</summary>
public static class RolloutContext
{
    /// <summary>
    /// What fills the input of a request, by origin, the largest first; an origin that has nothing is left out. Shares are by bytes, which
    /// is near the truth for text: tokens are not counted.
    /// </summary>
    /// <param name="rollout">The rollout. Without its bundle there are neither instructions nor tools, and long arguments count as their beginnings.</param>
    /// <param name="request">The request. Of one of which it is not known what it showed, there are only instructions and tools, if those.</param>
    public static IReadOnlyList<ContextOrigin> Origins(OpenRollout rollout, InferenceCall request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        return Origins(
            rollout,
            request.ThreadId,
            rollout.GivenOf(request),
            request.RequestItemIds.Select(id => (rollout.Graph.ConversationItems[id], rollout.Contents.FactOf(id))),
            request.Usage?.InputTokens);
    }

    /// <summary>What fills the input of a compaction's request, by origin, as for any other.</summary>
    /// <param name="rollout">The rollout. Without its bundle nothing is known of it.</param>
    /// <param name="request">The request.</param>
    public static IReadOnlyList<ContextOrigin> Origins(OpenRollout rollout, RecordedCompactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(request);
        var input = new CompactionInput(rollout, request);
        return Origins(rollout, request.ThreadId, input.Given, input.Items, rollout.CompactionResponses.Of(request).Usage?.InputTokens);
    }

    private static IReadOnlyList<ContextOrigin> Origins(
        OpenRollout rollout, string threadId, RequestGiven? given, IEnumerable<(ConversationItem Item, ItemFact Fact)> items, long? tokens)
    {
        var sums = new Dictionary<(ContextOriginKind Origin, string? Tool), (int Count, long Bytes)>();
        if (given is not null)
        {
            if (given.Instructions is not null)
            {
                Add((ContextOriginKind.Instructions, null), given.InstructionsBytes);
            }

            foreach (var tool in given.Tools)
            {
                Add((ContextOriginKind.ToolDefinitions, null), tool.Bytes);
            }
        }

        var origins = new ItemOrigins(rollout, threadId);
        foreach (var (item, fact) in items)
        {
            var of = origins.Next(item, fact);
            Add((of.Origin, of.Tool), of.Bytes);
        }

        var all = sums.Values.Sum(static sum => sum.Bytes);
        return
        [
            .. sums.Select(entry => Of(entry.Key, entry.Value, all, tokens))
                .OrderByDescending(static origin => origin.Bytes)
                .ThenBy(static origin => origin.Origin)
                .ThenBy(static origin => origin.Tool, StringComparer.Ordinal),
        ];

        void Add((ContextOriginKind, string?) key, long bytes)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
            sum = (sum.Count + 1, sum.Bytes + bytes);
        }
    }

    /// <summary>Where the items come from that were said in a thread, each once, in the order in which they were first seen.</summary>
    /// <param name="rollout">The rollout. Without its bundle long arguments count as their beginnings.</param>
    /// <param name="thread">The thread.</param>
    public static IReadOnlyList<ItemOrigin> OriginsOfItems(OpenRollout rollout, AgentThread thread)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(thread);
        var origins = new ItemOrigins(rollout, thread.ThreadId);
        return [.. thread.ConversationItemIds.Select(origins.Next)];
    }

    /// <summary>How large the input of each request of a thread was, in the order in which they were sent.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="threadId">The thread.</param>
    public static IReadOnlyList<ContextStep> Growth(OpenRollout rollout, string threadId)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var compactions = new Queue<RecordedCompaction>(CompactionsOf(rollout, threadId));
        var sizes = new RequestSizes(rollout);
        var steps = new List<ContextStep>();
        InferenceCall? before = null;
        foreach (var request in rollout.Index.RequestsOfThread(threadId))
        {
            var since = new List<string>();
            while (compactions.TryPeek(out var next) && IsBefore(next, request))
            {
                since.Add(compactions.Dequeue().CompactionId);
            }

            var isKnown = IsKnown(rollout, request);
            var items = sizes.ItemsOf(request, before);
            steps.Add(new ContextStep
            {
                InferenceCallId = request.InferenceCallId,
                StartedAtUnixMs = request.Execution.StartedAtUnixMs,
                Items = isKnown ? request.RequestItemIds.Count : null,
                Bytes = isKnown ? items + (rollout.GivenOf(request) is { } given ? RequestSizes.HeadOf(given) : 0) : null,
                InputTokens = request.Usage?.InputTokens,
                CompactionIds = since,
            });
            before = request;
        }

        return steps;

        // A state alone has only the clock to go by.
        bool IsBefore(RecordedCompaction compaction, InferenceCall request) => rollout.Facts.CompactionSeqs.TryGetValue(compaction.CompactionId, out var seq)
            ? seq < request.Execution.StartedSeq
            : compaction.InstalledAtUnixMs <= request.Execution.StartedAtUnixMs;
    }

    /// <summary>Whether it is known what a request showed.</summary>
    internal static bool IsKnown(OpenRollout rollout, InferenceCall request) => !rollout.Facts.UnknownRequests.ContainsKey(request.InferenceCallId);

    private static ContextOrigin Of((ContextOriginKind Origin, string? Tool) key, (int Count, long Bytes) sum, long all, long? tokens)
    {
        var share = all == 0 ? 0 : (double)sum.Bytes / all;
        return new ContextOrigin
        {
            Origin = key.Origin,
            Tool = key.Tool,
            Count = sum.Count,
            Bytes = sum.Bytes,
            Share = Math.Round(share, 4),
            Tokens = tokens is { } input ? (long)Math.Round(input * share, MidpointRounding.AwayFromZero) : null,
        };
    }

    /// <summary>The compactions of a thread, in the order in which they were installed.</summary>
    internal static IEnumerable<RecordedCompaction> CompactionsOf(OpenRollout rollout, string threadId) => rollout.Graph.Compactions.Values
        .Where(compaction => string.Equals(compaction.ThreadId, threadId, StringComparison.Ordinal))
        .OrderBy(compaction => rollout.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId))
        .ThenBy(static compaction => compaction.InstalledAtUnixMs);
}
