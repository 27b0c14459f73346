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

    /// <summary>Whether all that is wrong is half a surrogate pair, or other text that is not valid Unicode.</summary>
    public bool IsInvalidText { get; private init; }

    /// <summary>A fault of any of <see cref="DiagnosticCodes"/>.</summary>
    public static ReductionFault Of(string code, string message) => new(code, message, null);

    public static ReductionFault Contradiction(string message) => new(DiagnosticCodes.Contradiction, message, null);

    public static ReductionFault Unsupported(string message) => new(DiagnosticCodes.UnsupportedEvent, message, null);

    public static ReductionFault Payload(string message, Exception? cause = null) => new(DiagnosticCodes.UnusablePayload, message, cause);

    /// <param name="document">The payload that holds the text, or a part of it.</param>
    public static ReductionFault InvalidText(string document) => new(DiagnosticCodes.UnusablePayload, $"{document} holds text that is not valid Unicode", null) { IsInvalidText = true };
}
