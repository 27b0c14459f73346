namespace RolloutTrace.Reducer.Replay;

/// <summary>
/// The event at hand cannot be applied. Reductions throw it. The dispatcher alone catches it, takes
/// the event back and adds where it happened.
/// </summary>
internal sealed class ReductionFault : Exception
{
    private ReductionFault(string code, string message, Exception? innerException)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="DiagnosticCodes"/>.</summary>
    public string Code { get; }

    /// <summary>
    /// What the fault comes from, where other faults may come from the same: of all that come from one cause the first is told, and
    /// the others are counted with it. Null if it stands for itself.
    /// </summary>
    public string? CauseKey { get; private init; }

    /// <summary>The id of the object that the event is about, and that is not known; null where something else is wrong.</summary>
    public string? UnknownId { get; private init; }

    /// <summary>Whether all that is wrong is half a surrogate pair, or other text that is not valid Unicode.</summary>
    public bool IsInvalidText { get; private init; }

    /// <summary>A fault of any of <see cref="DiagnosticCodes"/>.</summary>
    public static ReductionFault Of(string code, string message) => new(code, message, null);

    public static ReductionFault Contradiction(string message) => new(DiagnosticCodes.Contradiction, message, null);

    /// <summary>An event is about an object that has no start.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="unknownId">The object's id.</param>
    public static ReductionFault Unknown(string message, string unknownId) => new(DiagnosticCodes.Contradiction, message, null) { UnknownId = unknownId };

    public static ReductionFault Unsupported(string message) => new(DiagnosticCodes.UnsupportedEvent, message, null);

    public static ReductionFault Payload(string message, Exception? cause = null) => new(DiagnosticCodes.UnusablePayload, message, cause);

    /// <summary>A payload that cannot be read at all, whoever needs it.</summary>
    public static ReductionFault Unreadable(string causeKey, string message, Exception? cause = null) =>
        new(DiagnosticCodes.UnusablePayload, message, cause) { CauseKey = causeKey };

    /// <param name="document">The payload that holds the text, or a part of it.</param>
    public static ReductionFault InvalidText(string document) => new(DiagnosticCodes.UnusablePayload, $"{document} holds text that is not valid Unicode", null) { IsInvalidText = true };
}
