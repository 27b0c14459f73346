using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Given;

/// <summary>Tells where the items of a thread come from. They are asked for in the order in which a model sees them: outputs are of the calls before.</summary>
internal sealed class ItemOrigins(OpenRollout rollout, string threadId)
{
    private readonly HashSet<string> summaries = SummariesOf(rollout, threadId);
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>Where the next item comes from.</summary>
    public ItemOrigin Next(string id) => Next(rollout.Graph.ConversationItems[id], rollout.Contents.FactOf(id));

    /// <summary>Where the next item comes from, which may be one that only a compaction's request showed.</summary>
    public ItemOrigin Next(ConversationItem item, ItemFact fact)
    {
        if (fact.Name is { } called && item is { CallId: { } callId, Role: ConversationRole.Assistant })
        {
            names[callId] = called;
        }

        var origin = OriginOf(rollout.Index, item, summaries);
        var tool = origin != ContextOriginKind.ToolOutput ? null
            : item.CallId is { } answered && names.TryGetValue(answered, out var ofCall) ? ofCall
            : fact.Name ?? (rollout.Index.ToolOf(item.ItemId) is { } ran ? RolloutIndex.NameOf(ran.Kind) : null);
        return new ItemOrigin { ItemId = item.ItemId, Origin = origin, Tool = tool, Name = fact.Name, Bytes = fact.Bytes };
    }

    // What a compaction leaves are new items, whatever they say. Of those that say what was said before, each is still what it was.
    private static HashSet<string> SummariesOf(OpenRollout rollout, string threadId)
    {
        var summaries = new HashSet<string>(StringComparer.Ordinal);
        foreach (var compaction in RolloutContext.CompactionsOf(rollout, threadId))
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
