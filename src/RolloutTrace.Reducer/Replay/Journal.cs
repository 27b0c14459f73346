namespace RolloutTrace.Reducer.Replay;

/// <summary>
/// Remembers how to take back what the current event has changed, so that an event applies whole or not at all.
/// Everything that replay changes goes through a <see cref="JournaledTable{TKey, TValue}"/> or a
/// <see cref="JournaledCell{T}"/> of one journal.
/// </summary>
internal sealed class Journal
{
    private readonly List<(IJournaled Target, object? Key, object? Previous)> changes = [];

    public void Record(IJournaled target, object? key, object? previous) => changes.Add((target, key, previous));

    /// <summary>What was changed since the last commit stays.</summary>
    public void Commit() => changes.Clear();

    /// <summary>What was changed since the last commit is taken back, last change first.</summary>
    public void Rollback()
    {
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            var (target, key, previous) = changes[i];
            target.Undo(key, previous);
        }

        changes.Clear();
    }
}
