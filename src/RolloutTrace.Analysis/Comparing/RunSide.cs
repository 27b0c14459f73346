using System.Text.RegularExpressions;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>One of two runs, with what comparing it needs.</summary>
internal sealed class RunSide
{
    private readonly WholeItems items;
    private readonly VolatileText text;
    private readonly Dictionary<string, HashSet<string>> replacements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedList<long, RecordedCompaction>> compactions = new(StringComparer.Ordinal);

    public RunSide(OpenRollout rollout, IReadOnlyList<Regex> patterns)
    {
        Rollout = rollout;
        items = new WholeItems(rollout);
        text = new VolatileText(rollout.Graph, patterns);
        foreach (var compaction in rollout.Graph.Compactions.Values)
        {
            if (!compactions.TryGetValue(compaction.ThreadId, out var ofThread))
            {
                compactions.Add(compaction.ThreadId, ofThread = []);
                replacements.Add(compaction.ThreadId, new HashSet<string>(StringComparer.Ordinal));
            }

            ofThread.TryAdd(rollout.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId, long.MaxValue), compaction);
            replacements[compaction.ThreadId].UnionWith(compaction.ReplacementItemIds);
        }
    }

    public OpenRollout Rollout { get; }

    public RolloutGraph Graph => Rollout.Graph;

    public ConversationItem Item(string id) => Graph.ConversationItems[id];

    /// <summary>What an item says, whole; a call with the name of what it calls.</summary>
    public string TextOf(ConversationItem item) => IsCall(item) ? $"{NameOf(item)} {items.Of(item)}" : items.Of(item);

    /// <summary>A text with a mark for what is never the same in two runs.</summary>
    public string Canonical(string words, long clockMs) => text.Canonical(words, clockMs);

    public IReadOnlyList<VolatileSpan> Spans(string words, long clockMs) => text.Spans(words, clockMs);

    /// <summary>Of a call or an output, the name of the tool; empty where nothing says it.</summary>
    public string NameOf(ConversationItem item) =>
        Rollout.Contents.FactOf(item.ItemId).Name ?? (Rollout.Index.ToolOf(item.ItemId) is { } tool ? RolloutIndex.NameOf(tool.Kind) : "");

    public static bool IsCall(ConversationItem item) => item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;

    public static bool IsOutput(ConversationItem item) =>
        item.Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput || item.Role == ConversationRole.Tool;

    /// <summary>Whether an item is one that a compaction left.</summary>
    public bool IsOfCompaction(ConversationItem item) =>
        item.Channel == ConversationChannel.Summary
        || item.Kind == ConversationItemKind.CompactionMarker
        || (replacements.TryGetValue(item.ThreadId, out var ofThread) && ofThread.Contains(item.ItemId));

    /// <summary>The compactions of a thread that were installed between two places of the log, in order.</summary>
    public IReadOnlyList<RecordedCompaction> CompactionsBetween(string threadId, long from, long to) =>
        compactions.TryGetValue(threadId, out var ofThread) ? [.. ofThread.Where(entry => entry.Key > from && entry.Key < to).Select(static entry => entry.Value)] : [];
}
