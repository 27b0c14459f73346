using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// Conversations by what users and models have said in them, whatever the system told and whichever calls were made in between: many
/// programs keep texts alone, and tell the time or what they have looked up anew in each request. Guarded by the table.
/// </summary>
internal sealed class SaidHistories
{
    private const string AnyQuestion = "any question";

    private readonly Dictionary<HistoryChain, List<Conversation>> ends = [];
    private readonly Dictionary<Conversation, List<HistoryChain>> keys = new(ReferenceEqualityComparer.Instance);

    /// <summary>A conversation's model has answered: from here it may go on.</summary>
    public void Answered(Conversation conversation, IReadOnlyList<ChatMessage> history)
    {
        Forget(conversation);
        var told = history.Count;
        while (told > 0 && history[told - 1].Role != ChatRole.User)
        {
            told--;
        }

        AddAnswers(conversation, HistoryChain.Begin(conversation.Agent).AfterSaid(history.Take(told)), history.Skip(told));
        var asked = BeginOfQuestion(history, told);
        conversation.Question = KeptQuestion.Of(history.Take(told).Skip(asked));
        AddAnswers(conversation, HistoryChain.Begin(conversation.Agent).AfterSaid(history.Take(asked)).Marked(AnyQuestion), history.Skip(told));
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
            chain = chain.AfterSaid(messages[i]);
            if (HistoryChain.IsSaid(messages[i]) && ends.TryGetValue(chain, out var found))
            {
                (longest, end) = (found, i + 1);
            }
        }

        return messages.Skip(end).Any(static message => message.Role == ChatRole.Assistant) ? [] : longest;
    }

    /// <summary>
    /// The conversations of which a request shows all that was said but for the latest question, of which it shows a part; nothing more that a
    /// model has said stands behind that.
    /// </summary>
    /// <param name="agent">What tells the agent from others.</param>
    /// <param name="messages">What the request shows.</param>
    /// <param name="end">How many of the messages the conversations have.</param>
    public IReadOnlyList<Conversation> FindShorterQuestion(string agent, IReadOnlyList<ChatMessage> messages, out int end)
    {
        end = messages.Count;
        while (end > 0 && messages[end - 1].Role != ChatRole.Assistant)
        {
            end--;
        }

        if (ends.Count == 0 || end == 0 || !messages.Skip(end).Any(static message => message.Role == ChatRole.User))
        {
            return [];
        }

        var told = end;
        while (told > 0 && messages[told - 1].Role != ChatRole.User)
        {
            told--;
        }

        var asked = BeginOfQuestion(messages, told);
        var chain = HistoryChain.Begin(agent).AfterSaid(messages.Take(asked)).Marked(AnyQuestion).AfterSaid(messages.Take(end).Skip(told));
        var question = KeptQuestion.Of(messages.Take(told).Skip(asked));
        return ends.TryGetValue(chain, out var found) ? [.. found.Where(conversation => question.IsPartOf(conversation.Question))] : [];
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

    // What a model said around its calls may be kept whole, or the last of it alone.
    private void AddAnswers(Conversation conversation, HistoryChain before, IEnumerable<ChatMessage> messages)
    {
        var answers = messages.Where(HistoryChain.IsSaid).ToList();
        if (answers.Count > 0)
        {
            Add(conversation, before.AfterSaid(answers));
        }

        if (answers.Count > 1)
        {
            Add(conversation, before.AfterSaid(answers[^1]));
        }
    }

    // Users' messages that stand behind each other, up to one of them, are one question.
    private static int BeginOfQuestion(IReadOnlyList<ChatMessage> messages, int told)
    {
        while (told > 0 && (messages[told - 1].Role == ChatRole.User || messages[told - 1].Role == ChatRole.System))
        {
            told--;
        }

        return told;
    }

    private void Add(Conversation conversation, HistoryChain key)
    {
        (ends.TryGetValue(key, out var same) ? same : ends[key] = []).Add(conversation);
        (keys.TryGetValue(conversation, out var known) ? known : keys[conversation] = []).Add(key);
    }
}
