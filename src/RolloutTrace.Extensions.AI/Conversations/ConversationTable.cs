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

    private const int ResponsesOfOne = 64;

    /// <summary>How long a session goes on without a request.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(30);

    /// <summary>How long a conversation is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly LinkedList<Conversation> byUse = new();
    private readonly Dictionary<Conversation, LinkedListNode<Conversation>> nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Conversation> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Conversation> byResponse = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, List<Conversation>> byHistory = [];
    private ITimer? timer;

    /// <summary>The process's own.</summary>
    public static ConversationTable Shared { get; } = new(TimeProvider.System);

    /// <summary>The conversation that a turn belongs to.</summary>
    /// <param name="agent">What tells its agent from others.</param>
    /// <param name="id">The id that the caller names; null if it names none.</param>
    /// <param name="messages">The messages of its first request.</param>
    public FoundConversation Find(string agent, string? id, IReadOnlyList<ChatMessage> messages)
    {
        lock (gate)
        {
            var found = ById(agent, id) ?? ByHistory(agent, messages) ?? new FoundConversation(Add(agent, id), id is null ? "own" : "conversation_id");
            Use(found.Conversation);
            return found;
        }
    }

    /// <summary>A response has come: what follows may name it, or begin with the history that it ends.</summary>
    public void Answered(Conversation conversation, IEnumerable<ChatMessage> messages, ChatResponse response)
    {
        var chain = HistoryChain.After(HistoryChain.After(HistoryChain.Begin(conversation.Agent), messages), response.Messages);
        lock (gate)
        {
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
                ForgetHistory(conversation);
                conversation.Chain = chain;
                (byHistory.TryGetValue(chain, out var same) ? same : byHistory[chain] = []).Add(conversation);
                Use(conversation);
            }
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
        return byResponse.TryGetValue(id, out var answered) ? new FoundConversation(answered, "conversation_id")
            : byId.TryGetValue(Key(agent, id), out var named) ? new FoundConversation(named, "conversation_id")
            : null;
    }

    private FoundConversation? ByHistory(string agent, IReadOnlyList<ChatMessage> messages)
    {
        if (byHistory.Count == 0)
        {
            return null;
        }

        Conversation? longest = null;
        var chain = HistoryChain.Begin(agent);
        foreach (var message in messages)
        {
            chain = HistoryChain.After(chain, message);
            if (byHistory.TryGetValue(chain, out var same))
            {
                longest = same[^1];
            }
        }

        return longest is null ? null : new FoundConversation(longest, "history");
    }

    private Conversation Add(string agent, string? id)
    {
        timer ??= clock.CreateTimer(static table => ((ConversationTable)table!).Sweep(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        if (byUse.Count >= Capacity)
        {
            // The one that has rested longest; what it has open ends with the recording.
            Forget(byUse.First!.Value);
        }

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
            byResponse.Remove(response);
        }
    }

    // Of a conversation that goes on for ever the latest responses are remembered.
    private void Name(Conversation conversation, string response)
    {
        if (nodes.ContainsKey(conversation) && byResponse.TryAdd(response, conversation))
        {
            conversation.Responses.Enqueue(response);
            if (conversation.Responses.Count > ResponsesOfOne)
            {
                byResponse.Remove(conversation.Responses.Dequeue());
            }
        }
    }

    private void ForgetHistory(Conversation conversation)
    {
        if (byHistory.TryGetValue(conversation.Chain, out var same) && same.Remove(conversation) && same.Count == 0)
        {
            byHistory.Remove(conversation.Chain);
        }
    }

    private static string Key(string agent, string id) => $"{agent}\n{id}";
}
