using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Compactions;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// Finds conversations by parts of their histories, where those are shown in another form: to be summed up, as a summary and what came
/// after it, or without their beginning. Guarded by the table.
/// </summary>
internal sealed class HistoryParts
{
    private const int MaxMessages = 512;
    private const int MaxCandidates = 64;
    private const int SummaryLooksAt = 3;

    private readonly Dictionary<HistoryPart, List<Conversation>> index = [];

    /// <summary>The conversation whose history a request asks a summary of, of the agent that it asks if there is one; null if it does not.</summary>
    public Conversation? ToBeSummarised(string agent, IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        ShownHistory.MayAskForSummary(messages, options) && Beginning(MessageKey.Of(messages)) is { } beginning
            ? Candidates(beginning).OrderBy(conversation => conversation.Agent != agent).FirstOrDefault(conversation => conversation.Shown.IsToBeSummarised(messages, options))
            : null;

    /// <summary>The conversation of an agent whose history a request shows in a shorter form; null if there is none.</summary>
    public Conversation? Shortened(string agent, IReadOnlyList<ChatMessage> messages) =>
        index.Count == 0 ? null : ByRest(agent, messages) ?? BySummary(agent, messages);

    /// <summary>A conversation's history has grown, or is another.</summary>
    public void Changed(Conversation conversation, IEnumerable<ChatMessage> history)
    {
        Forget(conversation, static part => part.Kind != HistoryPartKind.Summary);
        var keys = MessageKey.Of(history);
        conversation.Messages = [.. keys.TakeLast(MaxMessages)];
        if (Beginning(keys) is { } beginning)
        {
            Add(conversation, beginning);
        }

        if (keys.Count > 1)
        {
            Add(conversation, new(HistoryPartKind.End, conversation.Agent, keys[^1].Hash));
        }
    }

    /// <summary>A summary of a conversation's history was made.</summary>
    public void Summarised(Conversation conversation, string summary)
    {
        Forget(conversation, static part => part.Kind == HistoryPartKind.Summary);
        if (summary.Length > 0)
        {
            Add(conversation, Summary(conversation.Agent, summary));
        }
    }

    /// <summary>A conversation is forgotten.</summary>
    public void Forget(Conversation conversation) => Forget(conversation, static _ => true);

    private Conversation? BySummary(string agent, IReadOnlyList<ChatMessage> messages) => messages
        .Where(static message => message.Role != ChatRole.System)
        .Take(SummaryLooksAt)
        .Where(static message => message.Text.Length > 0)
        .Select(message => OfSummary(Candidates(Summary(agent, message.Text)).ToList(), messages))
        .FirstOrDefault(static conversation => conversation is not null);

    // Of several with the same summary, the one whose last message is shown too.
    private static Conversation? OfSummary(List<Conversation> candidates, IReadOnlyList<ChatMessage> messages)
    {
        if (candidates.Count < 2)
        {
            return candidates.FirstOrDefault();
        }

        var shown = MessageKey.Of(messages).ToHashSet();
        return candidates.FirstOrDefault(conversation => conversation.Messages.Count > 0 && shown.Contains(conversation.Messages[^1]));
    }

    private Conversation? ByRest(string agent, IReadOnlyList<ChatMessage> messages)
    {
        var shown = MessageKey.Of(messages);
        var beginsWithSummary = ShownHistory.MayBeginWithSummary(messages);
        return Enumerable.Reverse(shown)
            .Select(key => new HistoryPart(HistoryPartKind.End, agent, key.Hash))
            .Distinct()
            .SelectMany(Candidates)
            .Take(MaxCandidates)
            .FirstOrDefault(conversation => ShorterHistory.Of(shown, conversation.Messages, beginsWithSummary).IsShorter);
    }

    // The latest first. One in the middle of a turn does not go on elsewhere.
    private IEnumerable<Conversation> Candidates(HistoryPart part) =>
        index.TryGetValue(part, out var found) ? Enumerable.Reverse(found).Where(static conversation => !conversation.IsBusy).Take(MaxCandidates) : [];

    private void Add(Conversation conversation, HistoryPart part)
    {
        (index.TryGetValue(part, out var same) ? same : index[part] = []).Add(conversation);
        conversation.Parts.Add(part);
    }

    private void Forget(Conversation conversation, Func<HistoryPart, bool> which)
    {
        foreach (var part in conversation.Parts.Where(which).ToList())
        {
            conversation.Parts.Remove(part);
            if (index.TryGetValue(part, out var same) && same.Remove(conversation) && same.Count == 0)
            {
                index.Remove(part);
            }
        }
    }

    // Calls are not given to everybody who is to sum up.
    private static HistoryPart? Beginning(List<MessageKey> keys) => keys.Where(static key => key.IsSaid).Take(2).ToList() is [var first, var second]
        ? new(HistoryPartKind.Beginning, string.Empty, first.Hash, second.Hash)
        : null;

    private static HistoryPart Summary(string agent, string text) => new(HistoryPartKind.Summary, agent, HistoryChain.OfText(text));
}
