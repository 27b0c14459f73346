using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// What becomes of what is unsound. The only thing that knows the mode: everything else says what it has found, or asks one of the
/// questions here.
/// </summary>
internal abstract class Tolerance
{
    /// <summary>
    /// Whether items with a call id are the same although they refer to different payloads. They do when a tool's image is
    /// sent again.
    /// </summary>
    public abstract bool TakesRepeatedReferences { get; }

    /// <summary>Whether a recorder's marker means that the payload is missing. Otherwise the marker is read as if it were the payload.</summary>
    public abstract bool HeedsMarkers { get; }

    /// <summary>Whether U+FEFF at the beginning of a payload is passed over.</summary>
    public abstract bool SkipsByteOrderMarks { get; }

    /// <summary>Whether half a surrogate pair in a payload becomes U+FFFD.</summary>
    public abstract bool MendsText { get; }

    /// <summary>Whether a call id may stand for several calls, and whatever was said of a history may be said anew.</summary>
    public abstract bool TakesRewrites { get; }

    /// <summary>Whether short forms that an API takes, and Codex does not, are as good as the long ones.</summary>
    public abstract bool TakesShortForms { get; }

    /// <summary>Returns if replay goes on with what it has instead; notes the defect then.</summary>
    /// <exception cref="ReductionFault">Replay does not go on.</exception>
    public abstract void Accept(Defect defect);

    /// <summary>Returns if what a strict reduction refuses is as good as sound; nothing is noted then.</summary>
    /// <exception cref="ReductionFault">Replay does not go on.</exception>
    public abstract void Overlook(Defect defect);

    /// <summary>Notes, where defects are noted at all, what is odd and what the format allows.</summary>
    public abstract void Mention(Defect defect);

    /// <summary>
    /// Does a part of what an event asks for. If that part is unsound and replay goes on without it, all that it has changed is taken back.
    /// </summary>
    /// <param name="part">What is to be done.</param>
    /// <param name="kept">What remains of the event without the part, for the diagnostic.</param>
    /// <exception cref="ReductionFault">Replay does not go on.</exception>
    public abstract void Part(Action part, string kept);

    /// <summary>Returns if replay goes on without the line at hand; notes that then.</summary>
    /// <param name="code">One of <see cref="DiagnosticCodes"/>.</param>
    /// <param name="message">What is wrong, naming the ids concerned.</param>
    /// <param name="fault">The exception that said so; null for none.</param>
    /// <param name="cause">What it comes from, as <see cref="Defect.Cause"/> has it.</param>
    /// <exception cref="ReductionException">Replay stops.</exception>
    public abstract void Refuse(string code, string message, Exception? fault, string? cause);
}
