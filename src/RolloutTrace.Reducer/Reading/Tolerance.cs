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

    /// <summary>Whether half a surrogate pair in a payload becomes U+FFFD.</summary>
    public abstract bool MendsText { get; }

    /// <summary>Returns if replay goes on with what it has instead; notes the defect then.</summary>
    /// <exception cref="ReductionFault">Replay does not go on.</exception>
    public abstract void Accept(Defect defect);

    /// <summary>Returns if replay goes on without the line at hand; notes that then.</summary>
    /// <exception cref="ReductionException">Replay stops.</exception>
    public abstract void Refuse(string code, string message, Exception? cause);
}
