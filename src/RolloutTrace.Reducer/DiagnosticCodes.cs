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

    /// <summary>A payload that is needed is not there, or its file cannot be read. What names it is kept without it.</summary>
    public const string PayloadMissing = "payload_missing";

    /// <summary>From some event on payloads are missing, or the log ends in the middle of a line: the bundle was copied or cut while it was written.</summary>
    public const string BundleCut = "bundle_cut";

    /// <summary>The file that the bundle is packed in is damaged or cut off; what is before that is used, and nothing behind it is known.</summary>
    public const string BundleDamaged = "bundle_damaged";

    /// <summary>A line of the log holds more, or other, than one event; what could be read of it is used.</summary>
    public const string LineRepaired = "line_repaired";

    /// <summary>An event has a word, or lacks a member, so that it says less than it should; the nearest meaning was taken.</summary>
    public const string WordUnknown = "word_unknown";

    /// <summary>An event names a thread or a turn whose start is not in the log; it exists from there on.</summary>
    public const string StartMissing = "start_missing";

    /// <summary>A member of an item or of a payload is not what its format asks for; what is there was used.</summary>
    public const string ItemUnsound = "item_unsound";

    /// <summary>A call id was used again for another call, or with other content; each use is an item of its own.</summary>
    public const string CallIdReused = "call_id_reused";

    /// <summary>A request that should only add to a history has something other in a place of it; that is a new item.</summary>
    public const string HistoryRewritten = "history_rewritten";

    /// <summary>A request continues a response that is not known; what it adds follows what was known by then.</summary>
    public const string UnknownResponse = "unknown_response";

    /// <summary>A member that this version leaves alone, since it is somebody else's.</summary>
    public const string MemberIgnored = "member_ignored";

    /// <summary>The bundle says that it is of a later version of the format; it is read as this one.</summary>
    public const string LaterVersion = "later_version";

    /// <summary>An event contradicts what came before it.</summary>
    public const string Contradiction = "contradiction";

    /// <summary>A model item has a type that this version does not know; it is kept as JSON.</summary>
    public const string UnknownItemType = "unknown_item_type";

    /// <summary>A request or a response is in no dialect that this version knows: what it held is not known, and the event is kept.</summary>
    public const string UnknownDialect = "unknown_dialect";

    /// <summary>The recorder could not record a payload and put a marker in its place: what it held is not known.</summary>
    public const string PayloadReplaced = "payload_replaced";

    /// <summary>A payload holds half a surrogate pair, which is kept as U+FFFD.</summary>
    public const string TextMended = "text_mended";

    /// <summary>An item with a call id was sent again and differs only in the payload that it refers to; it is taken as the same.</summary>
    public const string ItemRepeated = "item_repeated";
}
