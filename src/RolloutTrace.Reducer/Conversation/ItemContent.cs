namespace RolloutTrace.Reducer.Conversation;

/// <summary>What a model item says, normalised: that by which it is known again.</summary>
internal sealed class ItemContent
{
    public required ConversationRole Role { get; init; }

    public ConversationChannel? Channel { get; init; }

    public required ConversationItemKind Kind { get; init; }

    public AgentMessageAddress? AgentMessage { get; init; }

    public string? CallId { get; init; }

    /// <summary>Of a call or an output whose API gives it no id, the name of the function, by which they belong together; else null.</summary>
    public string? LinkName { get; init; }

    public required IReadOnlyList<ConversationPart> Parts { get; init; }

    /// <summary>
    /// Of an item that is known by its whole JSON only, that JSON without what only one side of an exchange has: the item is known again
    /// by this, not by its parts. Null for other items, and where an item is known by its parts in any case.
    /// </summary>
    public string? Whole { get; init; }

    /// <summary>A hash that was made of it; null as long as none was.</summary>
    public int? Hash { get; set; }

    public bool IsCall => Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;

    public bool IsOutput => Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput;

    /// <summary>Whether a part compares by payload id, so that the same bytes in another payload are not the same item.</summary>
    public bool RefersToPayload
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part is PayloadReferencePart)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public static ItemContent Of(ConversationItem item, string? whole = null) => new()
    {
        Role = item.Role,
        Channel = item.Channel,
        Kind = item.Kind,
        AgentMessage = item.AgentMessage,
        CallId = item.CallId,
        Parts = item.Body.Parts,
        Whole = whole,
    };

    /// <summary>The same with another call id.</summary>
    public ItemContent WithCallId(string? callId) => new()
    {
        Role = Role,
        Channel = Channel,
        Kind = Kind,
        AgentMessage = AgentMessage,
        CallId = callId,
        LinkName = LinkName,
        Parts = Parts,
    };

    /// <summary>The first opaque part of reasoning; null for anything else.</summary>
    public EncodedPart? ReasoningBlob()
    {
        if (Kind != ConversationItemKind.Reasoning)
        {
            return null;
        }

        foreach (var part in Parts)
        {
            if (part is EncodedPart blob)
            {
                return blob;
            }
        }

        return null;
    }
}
