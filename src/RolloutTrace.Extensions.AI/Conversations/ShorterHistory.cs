namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>Compares what a request shows with a history of which it may show only a part.</summary>
internal readonly record struct ShorterHistory
{
    private const int Least = 2;

    /// <summary>Whether the history goes on in the request, and something was left out of it.</summary>
    public bool IsShorter { get; private init; }

    /// <summary>Whether somebody had said some of what was left out.</summary>
    public bool LeavesOutSaid { get; private init; }

    /// <summary>
    /// Compares them. The last messages of the history have to be there, one after the other, but for calls and their results; before
    /// those any may have been left out, and none may be new.
    /// </summary>
    /// <param name="shown">What the request shows.</param>
    /// <param name="history">The history.</param>
    /// <param name="beginsWithSummary">Whether the first of what it shows may stand for what was left out.</param>
    public static ShorterHistory Of(IReadOnlyList<MessageKey> shown, IReadOnlyList<MessageKey> history, bool beginsWithSummary)
    {
        var end = shown.Count - 1;
        while (history.Count > 0 && end >= 0 && shown[end] != history[^1])
        {
            end--;
        }

        return history.Count == 0 || end < 0 ? default : Backwards(shown, end, history, beginsWithSummary);
    }

    private static ShorterHistory Backwards(IReadOnlyList<MessageKey> shown, int end, IReadOnlyList<MessageKey> history, bool beginsWithSummary)
    {
        var place = history.Count - 1;
        var found = 0;
        var leavesSaid = false;
        for (var i = end; i >= 0; i--)
        {
            var before = place;
            var gapIsSaid = false;
            while (place >= 0 && history[place] != shown[i])
            {
                gapIsSaid |= history[place--].IsSaid;
            }

            if (place < 0)
            {
                // Nothing in the history is like it.
                return i == 0 && beginsWithSummary && found >= Least && before >= 0 ? Left(before, history, leavesSaid) : default;
            }

            if (gapIsSaid && found < Least)
            {
                return default;
            }

            leavesSaid |= gapIsSaid;
            place--;
            found++;
        }

        return found < Least || found == history.Count ? default : Left(place, history, leavesSaid);
    }

    private static ShorterHistory Left(int last, IReadOnlyList<MessageKey> history, bool leavesSaid)
    {
        for (var i = last; i >= 0; i--)
        {
            leavesSaid |= history[i].IsSaid;
        }

        return new ShorterHistory { IsShorter = true, LeavesOutSaid = leavesSaid };
    }
}
