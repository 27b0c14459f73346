namespace RolloutTrace.Bundle;

/// <summary>Kinds of what can be wrong with a line of the event log.</summary>
public enum LineDefectKind
{
    /// <summary>The line is not one JSON value: torn, or two lines in one, or no text at all.</summary>
    NotJson,

    /// <summary>The line is JSON and no event that is known: its type is new, a member is missing, or one has a value that it cannot have.</summary>
    NotAnEvent,

    /// <summary>A member is somebody else's and was left alone. A strict reader does so too.</summary>
    MemberIgnored,

    /// <summary>The line is more than an event: what stands before or behind it is torn, or no text, and was passed over.</summary>
    Remains,

    /// <summary>The line holds more than one event.</summary>
    Fused,

    /// <summary>Text that is not valid Unicode has U+FFFD in the place of each character that is none.</summary>
    TextMended,

    /// <summary>A byte order mark stands before the event.</summary>
    ByteOrderMark,

    /// <summary>The type of the event is not known; it is read as an event of type <c>other</c>.</summary>
    UnknownType,

    /// <summary>The event, or its member for a turn, has another name than it has here.</summary>
    OtherName,

    /// <summary>A word is none that is known; the nearest meaning was taken.</summary>
    UnknownWord,

    /// <summary>A member is missing, or is not what it should be; what the event means without it was taken.</summary>
    MissingMember,

    /// <summary>The line is longer than <see cref="BundleReaderOptions.MaxLineBytes"/> and was passed over.</summary>
    TooLong,

    /// <summary>The log has more lines than <see cref="BundleReaderOptions.MaxLines"/>; this one and those behind it are not read.</summary>
    TooManyLines,
}
