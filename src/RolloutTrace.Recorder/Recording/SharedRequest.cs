namespace RolloutTrace.Recorder.Recording;

/// <summary>How a request stands to the one before it of the same thread.</summary>
/// <param name="History">The thread's requests.</param>
/// <param name="Id">Tells it from the history's others.</param>
/// <param name="Before">The one before; 0 if it is the first.</param>
/// <param name="Same">How many bytes it begins with as that one did.</param>
/// <param name="Kept">Memory that begins with these bytes and keeps them; null if the request was copied whole.</param>
internal sealed record SharedRequest(RequestHistory History, long Id, long Before, int Same, byte[]? Kept)
{
    /// <summary>What it begins with, where it was not copied.</summary>
    public ReadOnlySpan<byte> Head => Kept.AsSpan(0, HeadLength);

    public int HeadLength => Kept is null ? 0 : Same;
}
