using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Gives ids to calls and outputs of APIs that have none. A call that was seen before keeps the id that it got then; another gets one
/// made of the function's name and a number. An output gets the id of the call that it belongs to: the first of that name that has
/// no output yet.
/// </summary>
/// <param name="state">Has the items.</param>
/// <param name="conversation">The thread's conversation.</param>
/// <param name="sameItem">Whether two items are the same.</param>
/// <param name="history">What the payload's items are compared with.</param>
internal sealed class NameLinks(ReplayState state, ThreadConversation conversation, SameItem sameItem, IdList history)
{
    private readonly Dictionary<string, Queue<string>> unanswered = new(StringComparer.Ordinal);
    private readonly HashSet<string> answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> positions = new(StringComparer.Ordinal);
    private Dictionary<ItemContent, Queue<string>>? known;
    private int seen;
    private bool isOver;

    /// <summary>The content with its call id.</summary>
    /// <param name="content">A call or an output without one.</param>
    /// <param name="before">The items that stand before it in its list.</param>
    public ItemContent Link(ItemContent content, IdList before)
    {
        CatchUp(before);
        var name = content.LinkName!;
        var id = content.IsCall ? SaidBefore(content, before) : FirstUnanswered(name) ?? SaidBefore(content, before);
        id ??= New(name);
        if (!conversation.LinkNames.Contains(id))
        {
            conversation.LinkNames.Set(id, name);
        }

        return content.WithCallId(id);
    }

    // The list only grows, so what was looked at once need not be looked at again.
    private void CatchUp(IdList before)
    {
        for (; seen < before.Count; seen++)
        {
            var item = state.Items[before[seen]];
            if (item.Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput)
            {
                answered.Add(item.CallId ?? "");
            }
            else if (item.Role == ConversationRole.User)
            {
                isOver = true;
            }
            else if (item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall && conversation.LinkNames.Find(item.CallId) is { } name)
            {
                Expect(item.CallId!, name);
            }
        }
    }

    // Calls that a user's words and then another call have passed get no output any more.
    private void Expect(string id, string name)
    {
        if (isOver)
        {
            unanswered.Clear();
            isOver = false;
        }

        answered.Remove(id);
        if (!unanswered.TryGetValue(name, out var ids))
        {
            unanswered.Add(name, ids = new Queue<string>());
        }

        ids.Enqueue(id);
    }

    private string? FirstUnanswered(string name)
    {
        if (!unanswered.TryGetValue(name, out var ids))
        {
            return null;
        }

        while (ids.TryPeek(out var id))
        {
            if (!answered.Contains(id))
            {
                return id;
            }

            ids.Dequeue();
        }

        return null;
    }

    // The id of an item that says the same but for its id: the one at this place, or else the first that is left.
    private string? SaidBefore(ItemContent content, IdList before)
    {
        if (before.Count >= history.Count && before.StartsWith(history))
        {
            return null;
        }

        if (before.Count < history.Count && ItemContent.Of(state.Items[history[before.Count]]) is var there && sameItem.Equals(ByName(there), content.WithCallId(content.LinkName)))
        {
            return there.CallId;
        }

        return BehindTheLast(content, before)
            ?? (Known(before).TryGetValue(content.WithCallId(content.LinkName), out var ids) && ids.TryDequeue(out var id) ? id : null);
    }

    // What is left out of a history is mostly left out at its beginning, and the rest is in order.
    private string? BehindTheLast(ItemContent content, IdList before)
    {
        Known(before);
        return before.Count > 0
            && positions.TryGetValue(before[^1], out var last)
            && last + 1 < history.Count
            && ItemContent.Of(state.Items[history[last + 1]]) is var next
            && sameItem.Equals(ByName(next), content.WithCallId(content.LinkName))
            ? next.CallId
            : null;
    }

    private Dictionary<ItemContent, Queue<string>> Known(IdList before)
    {
        if (known is not null)
        {
            return known;
        }

        known = new Dictionary<ItemContent, Queue<string>>(sameItem);
        var used = before.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < history.Count; i++)
        {
            var id = history[i];
            positions[id] = i;
            var content = ItemContent.Of(state.Items[id]);
            if (content.CallId is null || used.Contains(id) || !(content.IsCall || content.IsOutput))
            {
                continue;
            }

            var byName = ByName(content);
            if (!known.TryGetValue(byName, out var ids))
            {
                known.Add(byName, ids = new Queue<string>());
            }

            ids.Enqueue(content.CallId);
        }

        return known;
    }

    private ItemContent ByName(ItemContent content) => content.WithCallId(conversation.LinkNames.Find(content.CallId));

    private string New(string name)
    {
        var number = conversation.LinkNames.Count;
        string id;
        do
        {
            id = $"{(name.Length > 0 ? name : "call")}:{++number}";
        }
        while (conversation.LinkNames.Contains(id) || conversation.ByCallId(ConversationItemKind.FunctionCallOutput).Contains(id));

        return id;
    }
}
