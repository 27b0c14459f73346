using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// In which conversation a message was first shown or said, by the object: what a program keeps of a history are the very messages, or
/// at least the contents in them. What several conversations have shown, such as examples, tells nothing. Safe for concurrent use.
/// </summary>
internal sealed class MessageOwners
{
    private readonly ConditionalWeakTable<object, Owner> owners = [];

    /// <summary>A request of a conversation shows messages.</summary>
    public void Shown(Conversation conversation, IReadOnlyList<ChatMessage> messages)
    {
        // What is new stands behind what was shown before.
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.System)
            {
                continue;
            }

            if (owners.TryGetValue(messages[i], out var owner) && owner.IsOf(conversation))
            {
                return;
            }

            Claim(conversation, messages[i], answer: 0);
        }
    }

    /// <summary>A conversation's model has said messages.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="answer">Its number among the conversation's answers, from 1.</param>
    public void Said(Conversation conversation, IEnumerable<ChatMessage> messages, int answer)
    {
        foreach (var message in messages)
        {
            Claim(conversation, message, answer);
        }
    }

    /// <summary>A response of a conversation gives a token by which to go on with it.</summary>
    public void Gave(Conversation conversation, ResponseContinuationToken token) => Claim(conversation, (object)token, answer: 0);

    /// <summary>The conversation whose response gave a token; null if none that is known did.</summary>
    public Conversation? OwnerOf(ResponseContinuationToken token) => owners.TryGetValue(token, out var owner) && !owner.IsShared ? owner.Conversation : null;

    /// <summary>The one conversation that messages come from, as far as the objects tell; null if they tell of none, or of several.</summary>
    public Conversation? OwnerOf(IReadOnlyList<ChatMessage> messages)
    {
        Conversation? only = null;
        foreach (var message in messages)
        {
            if (message.Role != ChatRole.System && Of(message) is { } owner)
            {
                if (only is not null && !owner.IsOf(only))
                {
                    return null;
                }

                only = owner.Conversation;
            }
        }

        return only;
    }

    /// <summary>Whether a message was shown in a conversation, or said in it by another answer than one.</summary>
    public bool IsEarlier(ChatMessage message, Conversation conversation, int answer) =>
        owners.TryGetValue(message, out var owner) && owner.IsOf(conversation) && owner.Answer != answer;

    /// <summary>Whether a message is one of a conversation's, by the object.</summary>
    public bool IsOf(ChatMessage message, Conversation conversation) => owners.TryGetValue(message, out var owner) && owner.IsOf(conversation);

    /// <summary>Whether a message was shown or said in a conversation, whichever, by the object.</summary>
    public bool IsAnyones(ChatMessage message) => owners.TryGetValue(message, out _) || message.Contents.Any(content => owners.TryGetValue(content, out _));

    private Owner? Of(ChatMessage message)
    {
        if (owners.TryGetValue(message, out var owner))
        {
            return owner.IsShared ? null : owner;
        }

        // Frameworks copy messages and keep what is in them.
        foreach (var content in message.Contents)
        {
            if (owners.TryGetValue(content, out owner) && !owner.IsShared)
            {
                return owner;
            }
        }

        return null;
    }

    private void Claim(Conversation conversation, ChatMessage message, int answer)
    {
        Claim(conversation, (object)message, answer);
        foreach (var content in message.Contents)
        {
            Claim(conversation, content, answer);
        }
    }

    private void Claim(Conversation conversation, object part, int answer)
    {
        var owner = owners.GetValue(part, _ => new Owner(conversation, answer));
        if (!owner.IsOf(conversation))
        {
            owner.IsShared = true;
        }
    }

    private sealed class Owner(Conversation conversation, int answer)
    {
        private volatile bool isShared;

        public Conversation Conversation { get; } = conversation;

        public int Answer { get; } = answer;

        public bool IsShared
        {
            get => isShared;
            set => isShared = value;
        }

        public bool IsOf(Conversation other) => ReferenceEquals(Conversation, other);
    }
}
