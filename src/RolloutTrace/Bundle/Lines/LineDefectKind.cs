namespace RolloutTrace.Bundle;

/// <summary>Kinds of what can be wrong with a line of the event log.</summary>
public enum LineDefectKind
{
    /// <summary>The line is not one JSON value: torn, or two lines in one, or no text at all.</summary>
    NotJson,

    /// <summary>The line is JSON and no event that is known: its type is new, a member is missing, or one has a value that it cannot have.</summary>
    NotAnEvent,

    /// <summary>The line is longer than <see cref="BundleReaderOptions.MaxLineBytes"/> and was passed over.</summary>
    TooLong,

    /// <summary>The log has more lines than <see cref="BundleReaderOptions.MaxLines"/>; this one and those behind it are not read.</summary>
    TooManyLines,
}
