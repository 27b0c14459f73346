namespace RolloutTrace.Reducer.Replay;

/// <summary>A variable whose changes can be taken back. Its value is immutable.</summary>
internal sealed class JournaledCell<T>(Journal journal, T initial) : IJournaled
{
    private T current = initial;

    public T Value
    {
        get => current;
        set
        {
            journal.Record(this, key: null, current);
            current = value;
        }
    }

    public void Undo(object? key, object? previous) => current = (T)previous!;
}
