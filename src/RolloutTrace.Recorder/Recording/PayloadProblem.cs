namespace RolloutTrace.Recorder.Recording;

/// <summary>Why a marker stands in a payload's place.</summary>
internal enum PayloadProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>There is no room in the queue. Not a matter of the payload: it has no marker, the bundle stops.</summary>
    NoRoom,

    /// <summary>More bytes than the limit.</summary>
    TooLarge,

    /// <summary>Serialising it threw.</summary>
    NotSerializable,

    /// <summary>Text with a lone surrogate, or bytes that are not UTF-8.</summary>
    InvalidText,

    /// <summary>Not one JSON document, or one that is nested too deeply.</summary>
    InvalidJson,

    /// <summary>The redaction hook removed it.</summary>
    Redacted,

    /// <summary>The redaction hook threw, or what it gave cannot be recorded.</summary>
    RedactionFailed,
}
