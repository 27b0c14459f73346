using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Codex;

/// <summary>The history of a conversation as far as it was read: what the next request sees, and where its turns began.</summary>
/// <param name="start">When the conversation began.</param>
internal sealed class CodexHistory(long start)
{
    private readonly List<History> userTurns = [];
    private bool userSpoke;

    public History Seen { get; private set; } = History.None;

    /// <summary>When the last of it happened, in milliseconds since the Unix epoch.</summary>
    public long LastSeen { get; private set; } = start;

    /// <summary>A turn begins: what the user says next is what it can be rolled back to.</summary>
    public void BeginTurn() => userSpoke = false;

    public void See(HistoryItem item, long time, bool isUser)
    {
        if (isUser && !userSpoke)
        {
            userSpoke = true;
            userTurns.Add(Seen);
        }

        Seen = Seen.With(item);
        LastSeen = time;
    }

    /// <summary>A model answered.</summary>
    public void See(ModelAnswer answer)
    {
        Seen = Seen.With(answer.Items);
        LastSeen = Math.Max(LastSeen, answer.EndTime);
    }

    public void Replace(IReadOnlyList<HistoryItem> replacement, long time)
    {
        userTurns.Clear();
        Seen = History.None.With(replacement);
        LastSeen = time;
    }

    /// <summary>The last turns are taken back.</summary>
    /// <param name="count">How many.</param>
    /// <param name="leaves">Is given the point that is gone back to, before that is done.</param>
    public void RollBack(int count, Action<History> leaves)
    {
        if (count > 0 && userTurns.Count > 0)
        {
            var kept = Math.Max(0, userTurns.Count - count);
            leaves(userTurns[kept]);
            Seen = userTurns[kept];
            userTurns.RemoveRange(kept, userTurns.Count - kept);
        }
    }
}
