using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// The conversations of the process: found by their id, by the id of an earlier response, or by the history that a request begins
/// with. One that rests long enough has its session ended, and is forgotten after a day. Safe for concurrent use.
/// </summary>
internal sealed class ConversationTable(TimeProvider clock) : IDisposable
{
    /// <summary>The most conversations that are remembered.</summary>
    public const int Capacity = 8192;

    private const int ResponsesOfOne = 128;

    /// <summary>How long a session goes on without a request.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(30);

    /// <summary>How long a conversation is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly LinkedList<Conversation> byUse = new();
    private readonly Dictionary<Conversation, LinkedListNode<Conversation>> nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Conversation> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Conversation?> byResponse = new(StringComparer.Ordinal);
    private readonly Dictionary<HistoryChain, List<Conversation>> byHistory = [];
    private readonly Dictionary<string, Conversation?> byAnswer = new(StringComparer.Ordinal);
    private readonly SaidHistories said = new();
    private readonly MessageOwners owners = new();
    private ITimer? timer;

    /// <summary>The process's own.</summary>
    public static ConversationTable Shared { get; } = new(TimeProvider.System);

    /// <summary>
    /// The conversation that a turn belongs to. It counts as one in the middle of a turn from here on: whoever is given it starts that
    /// turn, and says then that it has ended once.
    /// </summary>
    /// <param name="agent">What tells its agent from others.</param>
    /// <param name="id">The id that the caller names; null if it names none.</param>
    /// <param name="messages">The messages of its first request.</param>
    /// <param name="options">That request's options; null if it has none, or they are not known yet.</param>
    /// <param name="isRun">Whether it is an agent's run, of which it is not known yet what the model will be told.</param>
    public FoundConversation Find(string agent, string? id, IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, bool isRun = false)
    {
        // Whatever is long is hashed before others wait for it.
        var shown = MessageKey.Of(messages);
        var owner = owners.OwnerOf(messages);
        Told? told = isRun ? null : Told.By(messages, options);
        lock (gate)
        {
            owner ??= OfAnswer(agent, messages);
            var found = ById(agent, id)
                ?? ByToken(agent, options)
                ?? ToBeSummarised(owner, messages, options)
                ?? ByMessages(agent, owner, messages, shown, told)
                ?? ByHistory(agent, owner, messages, told)
                ?? BySaid(agent, owner, messages, told)
                ?? new FoundConversation(Add(agent, id), id is null ? "own" : "conversation_id");
            Use(found.Conversation);
            Begins(found.Conversation);
            found.Conversation.TurnStarted();
            return found;
        }
    }

    /// <summary>A request of a conversation goes out.</summary>
    public void Asked(Conversation conversation, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var told = Told.By(messages, options);
        var asked = conversation.Answers > 0 ? default : HistoryChain.Begin(conversation.Agent).After(messages);
        owners.Shown(conversation, messages);
        lock (gate)
        {
            (conversation.Told, conversation.AskedChain) = (told, asked);
        }
    }

    /// <summary>
    /// The conversation that a call goes on with, which somebody has agreed to meanwhile: it waits for that call, and the messages go on
    /// from where it stands. Null if none does.
    /// </summary>
    public Conversation? ThatWaitsFor(string callId, IReadOnlyList<ChatMessage> messages)
    {
        var owner = owners.OwnerOf(messages);
        lock (gate)
        {
            Dictionary<string, HashSet<HistoryChain>> ends = [];
            var found = byUse.LastOrDefault(conversation =>
                conversation is { IsBusy: false, EndsItself: true } && MayBe(conversation, owner) && conversation.Waiting(callId) is not null && EndsOf(conversation.Agent).Contains(conversation.Chain));
            if (found is not null)
            {
                Use(found);
                Begins(found);
            }

            return found;

            HashSet<HistoryChain> EndsOf(string agent)
            {
                if (!ends.TryGetValue(agent, out var known))
                {
                    var chain = HistoryChain.Begin(agent);
                    ends[agent] = known = [.. messages.Select(message => chain = chain.After(message))];
                }

                return known;
            }
        }
    }

    /// <summary>A response, or what has come of one, gives a token by which to go on with it.</summary>
    public void Gave(Conversation conversation, ChatResponse response)
    {
        if (response.ContinuationToken is { } token)
        {
            owners.Gave(conversation, token);
        }
    }

    /// <summary>A response has come: what follows may name it, or go on from the history that it ends.</summary>
    /// <param name="conversation">Whose response it is.</param>
    /// <param name="messages">What the request has shown.</param>
    /// <param name="response">The response.</param>
    /// <param name="isWhole">Whether the messages were the whole history; else they went on from what was shown before.</param>
    public void Answered(Conversation conversation, IReadOnlyList<ChatMessage> messages, ChatResponse response, bool isWhole)
    {
        var begin = isWhole ? HistoryChain.Begin(conversation.Agent) : conversation.Chain;
        var chain = begin.After(messages).After(response.Messages);
        var history = messages.Concat(response.Messages).ToList();
        owners.Said(conversation, response.Messages, conversation.Answers + 1);
        lock (gate)
        {
            conversation.Answers++;
            conversation.Remember(history, isWhole);
            if (response.ResponseId is { Length: > 0 } responseId)
            {
                conversation.LastResponseId = responseId;
                Name(conversation, responseId);
            }

            conversation.KeptByServiceAs = response.ConversationId ?? conversation.KeptByServiceAs;
            if (response.ConversationId is { Length: > 0 } kept)
            {
                Name(conversation, kept);
            }

            if (nodes.ContainsKey(conversation))
            {
                NameAnswers(conversation, response);
                ForgetHistory(conversation);
                Index(conversation, chain);
                if (conversation.ChainBefore != default)
                {
                    Index(conversation, conversation.ChainBefore);
                }

                if (isWhole)
                {
                    said.Answered(conversation, history);
                }
                else
                {
                    said.Forget(conversation);
                }

                Use(conversation);
            }

            conversation.Chain = chain;
        }
    }

    /// <summary>Ends the sessions of conversations that rest, and forgets those that have rested for a day.</summary>
    public void Sweep()
    {
        var resting = new List<Conversation>();
        lock (gate)
        {
            var now = clock.GetUtcNow();
            while (byUse.First is { } oldest && now - oldest.Value.LastUse >= Memory && !oldest.Value.IsBusy)
            {
                resting.Add(oldest.Value);
                Forget(oldest.Value);
            }

            resting.AddRange(byUse.TakeWhile(conversation => now - conversation.LastUse >= Rest).Where(conversation => conversation.Session is not null));
        }

        foreach (var conversation in resting)
        {
            conversation.CloseIfIdle();
        }
    }

    /// <summary>Stops looking for conversations that rest.</summary>
    public void Dispose() => timer?.Dispose();

    private FoundConversation? ById(string agent, string? id)
    {
        if (id is null)
        {
            return null;
        }

        // Some put the response that they go on from where the conversation's id belongs.
        return byResponse.TryGetValue(Key(agent, id), out var answered) || byResponse.TryGetValue(id, out answered) ? (answered is null ? null : new FoundConversation(answered, "conversation_id"))
            : byId.TryGetValue(Key(agent, id), out var named) ? new FoundConversation(named, "conversation_id")
            : null;
    }

    // What a service is still working on, or was when a stream broke off, is asked for by a token and without any messages.
    private FoundConversation? ByToken(string agent, ChatOptions? options) =>
        options?.ContinuationToken is { } token && owners.OwnerOf(token) is { IsBusy: false } conversation && conversation.Agent == agent && nodes.ContainsKey(conversation)
            ? new FoundConversation(conversation, "history")
            : null;

    // A program that has a history summed up shows what was said in it, or the latest summary and what came after that, and asks. One message
    // and an instruction may be anything, and so may what only users have said.
    private static FoundConversation? ToBeSummarised(Conversation? owner, IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        messages.Count > 2 && messages.Any(static message => message.Role == ChatRole.Assistant) && owner is { IsBusy: false } && owner.IsToBeSummarised(messages, options) ? new FoundConversation(owner, "history") : null;

    // The messages are those of one conversation, and go on from where that is now: after its last answer nobody has said anything in it.
    private FoundConversation? ByMessages(string agent, Conversation? owner, IReadOnlyList<ChatMessage> messages, List<MessageKey> shown, Told? told)
    {
        if (owner is not { IsBusy: false } conversation || conversation.Agent != agent || !nodes.ContainsKey(conversation) || told?.IsAnothers(conversation.Told) == true || !conversation.IsRestOf(messages, shown, out var end))
        {
            return null;
        }

        var others = messages.Where(static message => message.Role != ChatRole.System).ToList();
        // Where a turn came to no end programs say so in the model's place.
        var next = end + 1 < others.Count && conversation.WasGivenUp && others[end + 1].Role == ChatRole.Assistant && !owners.IsAnyones(others[end + 1]) ? end + 2 : end + 1;
        return (!conversation.WasGivenUp && owners.IsEarlier(others[end], conversation, conversation.Answers))
            || others.Skip(next).Any(message => message.Role == ChatRole.Assistant || owners.IsOf(message, conversation))
            ? null
            : new FoundConversation(conversation, "history");
    }

    // Messages that were stored and read again are other objects, and answers keep their ids.
    private Conversation? OfAnswer(string agent, IReadOnlyList<ChatMessage> messages) =>
        messages.LastOrDefault(static message => message.Role == ChatRole.Assistant)?.MessageId is { } id ? byAnswer.GetValueOrDefault(Key(agent, id)) : null;

    private FoundConversation? ByHistory(string agent, Conversation? owner, IReadOnlyList<ChatMessage> messages, Told? told)
    {
        List<Conversation>? longest = null;
        var (chain, end) = (HistoryChain.Begin(agent), default(HistoryChain));
        foreach (var message in messages)
        {
            chain = chain.After(message);
            if (byHistory.TryGetValue(chain, out var ending) && ending.Exists(conversation => StandsAt(conversation, chain)))
            {
                (longest, end) = (ending, chain);
            }
        }

        // What got no answer is asked once more by the very messages.
        if (owner is { Answers: 0, WasGivenUp: true, IsBusy: false } && owner.Agent == agent && owner.AskedChain == chain && owner.Told == told && nodes.ContainsKey(owner))
        {
            return new FoundConversation(owner, "history");
        }

        // One in the middle of a turn does not go on elsewhere, and one that has shown the very messages is not another that has said the same.
        var found = longest?.FindLast(conversation => !conversation.IsBusy && StandsAt(conversation, end) && MayBe(conversation, owner) && told?.IsAnothers(conversation.Told) != true);
        return found is null ? null : new FoundConversation(found, "history");
    }

    // What the program keeps are texts, or what it tells the model changes with each request: then nothing but that tells equal ones apart.
    private FoundConversation? BySaid(string agent, Conversation? owner, IReadOnlyList<ChatMessage> messages, Told? told)
    {
        var same = said.Find(agent, messages, out var end)
            .Where(conversation => MayBe(conversation, owner) && told?.IsLike(conversation.Told) != false && conversation.HasMade(messages.Take(end)))
            .ToList();
        var found = same.FindLast(conversation => !conversation.IsBusy && told?.IsSame(conversation.Told) != false) ?? (same.Count == 1 && !same[0].IsBusy ? same[0] : null);
        return found is null ? ByShorterQuestion(agent, owner, messages, told) : new FoundConversation(found, "history");
    }

    // Where a program keeps less of a question than it has shown, equal conversations cannot be told apart: then it is none of them.
    private FoundConversation? ByShorterQuestion(string agent, Conversation? owner, IReadOnlyList<ChatMessage> messages, Told? told)
    {
        var same = said.FindShorterQuestion(agent, messages, out var end)
            .Where(conversation => MayBe(conversation, owner) && told?.IsLike(conversation.Told) != false && conversation.HasMade(messages.Take(end)))
            .ToList();
        return same is [{ IsBusy: false } only] ? new FoundConversation(only, "history") : null;
    }

    // A program goes on from before a turn that came to no end, or from its end.
    private static bool StandsAt(Conversation conversation, HistoryChain chain) => conversation.Chain == chain || conversation.WasGivenUp;

    // What another agent has said in a history that several share tells nothing of this one's.
    private bool MayBe(Conversation conversation, Conversation? owner) =>
        owner is null || owner.Agent != conversation.Agent || !nodes.ContainsKey(owner) || ReferenceEquals(conversation, owner);

    private void Begins(Conversation conversation)
    {
        if (conversation.ChainBefore != conversation.Chain)
        {
            Unindex(conversation, conversation.ChainBefore);
        }

        conversation.ChainBefore = conversation.Answers > 0 ? conversation.Chain : default;
    }

    private Conversation Add(string agent, string? id)
    {
        timer ??= clock.CreateTimer(static table => ((ConversationTable)table!).Sweep(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        if (byUse.Count >= Capacity)
        {
            // The one that has rested longest; what it has open ends with the recording.
            Forget(byUse.First!.Value);
        }

        id = id is not null && (byResponse.ContainsKey(id) || byResponse.ContainsKey(Key(agent, id))) ? null : id;
        var conversation = new Conversation(agent, id);
        nodes.Add(conversation, byUse.AddLast(conversation));
        if (id is not null)
        {
            byId[Key(agent, id)] = conversation;
        }

        return conversation;
    }

    private void Use(Conversation conversation)
    {
        conversation.LastUse = clock.GetUtcNow();
        if (nodes.TryGetValue(conversation, out var node))
        {
            byUse.Remove(node);
            byUse.AddLast(node);
        }
    }

    private void Forget(Conversation conversation)
    {
        byUse.Remove(nodes[conversation]);
        nodes.Remove(conversation);
        ForgetHistory(conversation);
        if (conversation.Id is { } id)
        {
            byId.Remove(Key(conversation.Agent, id));
        }

        while (conversation.Responses.TryDequeue(out var response))
        {
            Unname(conversation, response);
        }

        while (conversation.AnswerIds.TryDequeue(out var answer))
        {
            byAnswer.Remove(answer);
        }
    }

    // Of a conversation that goes on for ever the latest responses are remembered.
    private void Name(Conversation conversation, string id)
    {
        Name(conversation, id, id);
        Name(conversation, Key(conversation.Agent, id), id);
    }

    private void Name(Conversation conversation, string response, string id)
    {
        if (!nodes.ContainsKey(conversation) || (byResponse.TryGetValue(response, out var before) && ReferenceEquals(before, conversation)))
        {
            return;
        }

        // Some services count anew: what another conversation has gone on from is no longer meant, and where both stand at it nobody knows which is.
        byResponse[response] = byResponse.ContainsKey(response) && (before is null || before.StandsAt(id)) ? null : conversation;
        if (!conversation.Responses.Contains(response))
        {
            conversation.Responses.Enqueue(response);
        }

        if (conversation.Responses.Count > ResponsesOfOne)
        {
            Unname(conversation, conversation.Responses.Dequeue());
        }
    }

    private void Unname(Conversation conversation, string response)
    {
        if (byResponse.TryGetValue(response, out var named) && (named is null || ReferenceEquals(named, conversation)))
        {
            byResponse.Remove(response);
        }
    }

    // An answer that several conversations got, such as one from a cache, tells of none.
    private void NameAnswers(Conversation conversation, ChatResponse response)
    {
        foreach (var message in response.Messages)
        {
            if (message.MessageId is not { Length: > 0 } id || Key(conversation.Agent, id) is not { } key || conversation.AnswerIds.Contains(key))
            {
                continue;
            }

            byAnswer[key] = byAnswer.ContainsKey(key) ? null : conversation;
            conversation.AnswerIds.Enqueue(key);
            if (conversation.AnswerIds.Count > ResponsesOfOne)
            {
                byAnswer.Remove(conversation.AnswerIds.Dequeue());
            }
        }
    }

    private void ForgetHistory(Conversation conversation)
    {
        Unindex(conversation, conversation.Chain);
        Unindex(conversation, conversation.ChainBefore);
        said.Forget(conversation);
    }

    private void Index(Conversation conversation, HistoryChain chain) => (byHistory.TryGetValue(chain, out var same) ? same : byHistory[chain] = []).Add(conversation);

    private void Unindex(Conversation conversation, HistoryChain chain)
    {
        if (byHistory.TryGetValue(chain, out var same) && same.Remove(conversation) && same.Count == 0)
        {
            byHistory.Remove(chain);
        }
    }

    private static string Key(string agent, string id) => $"{agent}\n{id}";
}
