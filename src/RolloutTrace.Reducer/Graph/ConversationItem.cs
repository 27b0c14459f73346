using System.Text.Json.Serialization;
using RolloutTrace.Reducer.Conversation;

namespace RolloutTrace.Reducer;

/// <summary>One item of a conversation as the model saw it, however often it was sent.</summary>
public sealed record ConversationItem
{
    /// <summary><c>conversation_item:N</c>, N from 1 in order of creation over the rollout.</summary>
    public required string ItemId { get; init; }

    /// <summary>The thread whose conversation it is in.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The turn in which it was first seen.</summary>
    public string? CodexTurnId { get; init; }

    /// <summary>When it was first seen, in milliseconds since the Unix epoch.</summary>
    public required long FirstSeenAtUnixMs { get; init; }

    /// <summary>Who speaks.</summary>
    public required ConversationRole Role { get; init; }

    /// <summary>In which channel; null if the item names none.</summary>
    public ConversationChannel? Channel { get; init; }

    /// <summary>What kind of item it is.</summary>
    public required ConversationItemKind Kind { get; init; }

    /// <summary>Author and recipient of a message between agents; left out of JSON for anything else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AgentMessageAddress? AgentMessage { get; init; }

    /// <summary>What it says.</summary>
    public required ConversationBody Body { get; init; }

    /// <summary>The id that joins a call and its output, if it has one.</summary>
    public string? CallId { get; init; }

    /// <summary>What made it, as far as that is known.</summary>
    public IReadOnlyList<ConversationProducer> ProducedBy { get; init; } = [];

    /// <summary>
    /// Whether both say the same, by the rule that the reducer knows an item by when it is sent again: role, channel, kind, call id,
    /// and content part by part. Ids, turns, times, producers and the payloads that parts refer to do not count.
    /// </summary>
    /// <param name="other">An item of this graph or of another.</param>
    public bool SaysTheSameAs(ConversationItem other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return SameItem.ButForPayloads(this, other);
    }
}
