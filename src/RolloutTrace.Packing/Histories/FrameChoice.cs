namespace RolloutTrace.Packing;

/// <summary>
/// In which kind of frame payloads are to stand: in one in which what is repeated is looked for, or in one for histories of which it is known what they
/// repeat, as soon as they do. Where these turn out not to, they are looked for again, and have to repeat themselves more often to be believed.
/// </summary>
internal sealed class FrameChoice
{
    // A smaller one says nothing.
    private const int LeastBytes = 1 << 15;

    // What may be new of large payloads: this much, what a history is long a few times, of which all was new once, and beyond it a part of all.
    private const long AlwaysNew = 1 << 19;
    private const long AlwaysNewTimes = 3;
    private const int MostNewPart = 16;
    private const int MostNeeded = 1024;

    private int needed = 1;
    private int repeating;
    private long longest;
    private long bytes;
    private long newBytes;

    /// <summary>Whether histories are known to be repeated.</summary>
    public bool IsRepeating { get; private set; }

    /// <summary>Says it for the next payload.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="same">How much of it is known to stand in the stream before.</param>
    public bool Next(int length, int same)
    {
        if (length < LeastBytes)
        {
            return IsRepeating;
        }

        if (!IsRepeating)
        {
            repeating = same >= length / 2 ? repeating + 1 : 0;
            IsRepeating = repeating >= needed;
            (longest, bytes, newBytes) = (length, 0, 0);
            return IsRepeating;
        }

        longest = Math.Max(longest, length);
        bytes += length;
        newBytes += length - same;
        if (newBytes > Math.Max(AlwaysNew, longest * AlwaysNewTimes) && newBytes > bytes / MostNewPart)
        {
            IsRepeating = false;
            repeating = 0;
            needed = Math.Min(needed * 8, MostNeeded);
        }

        return IsRepeating;
    }
}
