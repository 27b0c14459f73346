using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// Conversations by what users and models have said in them, whatever the system told and whichever calls were made in between: many
/// programs keep texts alone, and tell the time or what they have looked up anew in each request. Guarded by the table.
/// </summary>
internal sealed class SaidHistories
{
    private readonly Dictionary<UInt128, List<Conversation>> ends = [];
    private readonly Dictionary<Conversation, List<UInt128>> keys = new(ReferenceEqualityComparer.Instance);

    /// <summary>A conversation's model has answered: from here it may go on.</summary>
    public void Answered(Conversation conversation, IReadOnlyList<ChatMessage> history)
    {
        Forget(conversation);
        var told = history.Count;
        while (told > 0 && history[told - 1].Role != ChatRole.User)
        {
            told--;
        }

        // What a model said around its calls may be kept as one text, or the last of it alone.
        var before = After(HistoryChain.Begin(conversation.Agent), history.Take(told));
        var answers = history.Skip(told).Where(static message => HistoryChain.OfSaid(message) is not null).ToList();
        if (answers.Count > 0)
        {
            Add(conversation, After(before, answers));
        }

        if (answers.Count > 1)
        {
            Add(conversation, HistoryChain.After(before, HistoryChain.OfSaid(answers)));
            Add(conversation, After(before, [answers[^1]]));
        }
    }

    /// <summary>The conversations of which a request shows all that was said, and nothing more that a model has; the one used last comes last.</summary>
    /// <param name="agent">What tells the agent from others.</param>
    /// <param name="messages">What the request shows.</param>
    /// <param name="end">How many of the messages the conversations have.</param>
    public IReadOnlyList<Conversation> Find(string agent, IReadOnlyList<ChatMessage> messages, out int end)
    {
        var chain = HistoryChain.Begin(agent);
        IReadOnlyList<Conversation> longest = [];
        end = 0;
        for (var i = 0; i < messages.Count && ends.Count > 0; i++)
        {
            if (HistoryChain.OfSaid(messages[i]) is not { } said)
            {
                continue;
            }

            chain = HistoryChain.After(chain, said);
            if (ends.TryGetValue(chain, out var found))
            {
                (longest, end) = (found, i + 1);
            }
        }

        return messages.Skip(end).Any(static message => message.Role == ChatRole.Assistant) ? [] : longest;
    }

    /// <summary>It is not to be found any more.</summary>
    public void Forget(Conversation conversation)
    {
        if (!keys.Remove(conversation, out var known))
        {
            return;
        }

        foreach (var key in known)
        {
            if (ends.TryGetValue(key, out var same) && same.Remove(conversation) && same.Count == 0)
            {
                ends.Remove(key);
            }
        }
    }

    private void Add(Conversation conversation, UInt128 key)
    {
        (ends.TryGetValue(key, out var same) ? same : ends[key] = []).Add(conversation);
        (keys.TryGetValue(conversation, out var known) ? known : keys[conversation] = []).Add(key);
    }

    private static UInt128 After(UInt128 before, IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            before = HistoryChain.OfSaid(message) is { } said ? HistoryChain.After(before, said) : before;
        }

        return before;
    }
}
