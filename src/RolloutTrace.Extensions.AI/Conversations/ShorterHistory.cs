namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A history as a request shows the rest of it: its end, one message behind the other but for calls and their results, and at most a summary in front of that.</summary>
/// <param name="End">Where in the request the history ends.</param>
/// <param name="LeavesOutSaid">Whether somebody had said some of what was left out.</param>
internal readonly record struct ShorterHistory(int End, bool LeavesOutSaid)
{
    /// <summary>Compares them, both without messages of the system. Null if a request does not show the end of a history in that way.</summary>
    /// <param name="shown">What the request shows.</param>
    /// <param name="history">The history.</param>
    /// <param name="maySumUp">Whether the first of what it shows may stand for what was left out.</param>
    public static ShorterHistory? Of(IReadOnlyList<MessageKey> shown, IReadOnlyList<MessageKey> history, bool maySumUp)
    {
        for (var last = history.Count - 1; last >= 0; last--)
        {
            var end = shown.Count - 1;
            while (end >= 0 && shown[end] != history[last])
            {
                end--;
            }

            if (end >= 0)
            {
                return Backwards(shown, end, history, last, maySumUp);
            }

            if (history[last].IsSaid)
            {
                return null;
            }
        }

        return null;
    }

    private static ShorterHistory? Backwards(IReadOnlyList<MessageKey> shown, int end, IReadOnlyList<MessageKey> history, int last, bool maySumUp)
    {
        var place = last;
        for (var i = end; i >= 0; i--)
        {
            var found = place;
            while (found >= 0 && history[found] != shown[i] && !history[found].IsSaid)
            {
                found--;
            }

            if (found < 0 || history[found] != shown[i])
            {
                return i == 0 && end > 0 && maySumUp ? Left(end, history, place) : null;
            }

            place = found - 1;
        }

        return Left(end, history, place);
    }

    private static ShorterHistory Left(int end, IReadOnlyList<MessageKey> history, int last)
    {
        while (last >= 0 && !history[last].IsSaid)
        {
            last--;
        }

        return new ShorterHistory(end, last >= 0);
    }
}
