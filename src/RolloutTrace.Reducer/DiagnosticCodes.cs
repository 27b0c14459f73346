namespace RolloutTrace.Reducer;

/// <summary>The kinds of diagnostic.</summary>
public static class DiagnosticCodes
{
    /// <summary>A line of the log is not an event that this version knows.</summary>
    public const string UnreadableEvent = "unreadable_event";

    /// <summary>An event of type <c>other</c>, which the state has no place for.</summary>
    public const string UnsupportedEvent = "unsupported_event";

    /// <summary>A payload that is needed is missing, malformed, or not what the event says.</summary>
    public const string UnusablePayload = "unusable_payload";

    /// <summary>An event contradicts what came before it.</summary>
    public const string Contradiction = "contradiction";

    /// <summary>A model item has a type that this version does not know; it is kept as JSON.</summary>
    public const string UnknownItemType = "unknown_item_type";

    /// <summary>The recorder could not record a payload and put a marker in its place: what it held is not known.</summary>
    public const string PayloadReplaced = "payload_replaced";

    /// <summary>A payload holds half a surrogate pair, which is kept as U+FFFD.</summary>
    public const string TextMended = "text_mended";

    /// <summary>An item with a call id was sent again and differs only in the payload that it refers to; it is taken as the same.</summary>
    public const string ItemRepeated = "item_repeated";
}
