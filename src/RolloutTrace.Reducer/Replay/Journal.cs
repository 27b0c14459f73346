namespace RolloutTrace.Reducer.Replay;

/// <summary>
/// Remembers how to take back what the current event has changed, so that an event applies whole or not at all.
/// Everything that replay changes goes through a <see cref="JournaledTable{TKey, TValue}"/> or a
/// <see cref="JournaledCell{T}"/> of one journal.
/// </summary>
internal sealed class Journal
{
    private Change[] changes = new Change[64];
    private int count;

    public void Record(IJournaled target, object? key, object? previous)
    {
        if (count == changes.Length)
        {
            Array.Resize(ref changes, 2 * count);
        }

        changes[count++] = new Change(target, key, previous);
    }

    /// <summary>What was changed since the last commit stays.</summary>
    public void Commit()
    {
        Array.Clear(changes, 0, count);
        count = 0;
    }

    /// <summary>Where the changes are now, for <see cref="RollbackTo"/>. Worth nothing once they are committed or taken back.</summary>
    public int Mark => count;

    /// <summary>What was changed since the last commit is taken back, last change first.</summary>
    public void Rollback() => RollbackTo(0);

    /// <summary>What was changed since <see cref="Mark"/> was <paramref name="mark"/> is taken back, last change first.</summary>
    public void RollbackTo(int mark)
    {
        for (var i = count - 1; i >= mark; i--)
        {
            changes[i].Target.Undo(changes[i].Key, changes[i].Previous);
        }

        Array.Clear(changes, mark, count - mark);
        count = mark;
    }

    private readonly record struct Change(IJournaled Target, object? Key, object? Previous);
}
