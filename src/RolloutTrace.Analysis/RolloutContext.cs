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

        var summaries = SummariesOf(rollout, threadId);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (item, fact) in items)
        {
            if (fact.Name is { } called && item is { CallId: { } callId, Role: ConversationRole.Assistant })
            {
                names[callId] = called;
            }

            var origin = OriginOf(rollout.Index, item, summaries);
            var name = origin != ContextOriginKind.ToolOutput ? null
                : item.CallId is { } answered && names.TryGetValue(answered, out var ofCall) ? ofCall
                : fact.Name ?? (rollout.Index.ToolOf(item.ItemId) is { } tool ? RolloutIndex.NameOf(tool.Kind) : null);
            Add((origin, name), fact.Bytes);
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
            Tokens = tokens is { } input ? (long)Math.Round(input * share) : null,
        };
    }

    // What a compaction leaves are new items, whatever they say. Of those that say what was said before, each is still what it was.
    private static HashSet<string> SummariesOf(OpenRollout rollout, string threadId)
    {
        var summaries = new HashSet<string>(StringComparer.Ordinal);
        foreach (var compaction in CompactionsOf(rollout, threadId))
        {
            var before = new Dictionary<(ConversationItemKind, ConversationRole, string), string>();
            foreach (var id in compaction.InputItemIds)
            {
                before[Words(id)] = id;
            }

            foreach (var id in compaction.ReplacementItemIds)
            {
                if (!before.TryGetValue(Words(id), out var kept) || summaries.Contains(kept))
                {
                    summaries.Add(id);
                }
            }
        }

        return summaries;

        (ConversationItemKind, ConversationRole, string) Words(string id)
        {
            var item = rollout.Graph.ConversationItems[id];
            return (item.Kind, item.Role, ItemText.Of(item));
        }
    }

    private static IEnumerable<RecordedCompaction> CompactionsOf(OpenRollout rollout, string threadId) => rollout.Graph.Compactions.Values
        .Where(compaction => string.Equals(compaction.ThreadId, threadId, StringComparison.Ordinal))
        .OrderBy(compaction => rollout.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId))
        .ThenBy(static compaction => compaction.InstalledAtUnixMs);

    private static ContextOriginKind OriginOf(RolloutIndex index, ConversationItem item, HashSet<string> summaries) => item switch
    {
        _ when item.Channel == ConversationChannel.Summary || summaries.Contains(item.ItemId) => ContextOriginKind.Summary,
        { AgentMessage: not null } => ContextOriginKind.Agents,
        { Kind: ConversationItemKind.Reasoning } => ContextOriginKind.Reasoning,
        { Kind: ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput } => ContextOriginKind.ToolOutput,
        { Role: ConversationRole.System or ConversationRole.Developer } => ContextOriginKind.Instructions,
        { Role: ConversationRole.Tool } => ContextOriginKind.ToolOutput,
        { Role: ConversationRole.Assistant } => ContextOriginKind.Assistant,
        _ when index.EdgeTo(item.ItemId) is not null => ContextOriginKind.Agents,
        _ => ContextOriginKind.User,
    };
}
