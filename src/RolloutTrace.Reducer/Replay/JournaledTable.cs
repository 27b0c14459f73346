namespace RolloutTrace.Reducer.Replay;

/// <summary>A dictionary whose changes can be taken back. Values are immutable.</summary>
internal sealed class JournaledTable<TKey, TValue>(Journal journal, IEqualityComparer<TKey>? comparer = null) : IJournaled
    where TKey : notnull
    where TValue : class
{
    private Dictionary<TKey, TValue> entries = new(comparer);

    public int Count => entries.Count;

    public Dictionary<TKey, TValue>.ValueCollection Values => entries.Values;

    public Dictionary<TKey, TValue>.KeyCollection Keys => entries.Keys;

    public TValue this[TKey key] => entries[key];

    public TValue? Find(TKey? key) => key is not null && entries.TryGetValue(key, out var value) ? value : null;

    public bool Contains(TKey? key) => key is not null && entries.ContainsKey(key);

    public void Set(TKey key, TValue value)
    {
        entries.TryGetValue(key, out var previous);
        journal.Record(this, key, previous);
        entries[key] = value;
    }

    public void Remove(TKey key)
    {
        if (entries.Remove(key, out var previous))
        {
            journal.Record(this, key, previous);
        }
    }

    /// <summary>The entries as they are now, by the same keys.</summary>
    public IReadOnlyDictionary<TKey, TValue> ToDictionary() => new Dictionary<TKey, TValue>(entries, entries.Comparer);

    /// <summary>The values, which it has no longer.</summary>
    public TValue[] Take()
    {
        var values = entries.Values.ToArray();
        entries = new Dictionary<TKey, TValue>(comparer);
        return values;
    }

    public void Undo(object? key, object? previous)
    {
        if (previous is TValue value)
        {
            entries[(TKey)key!] = value;
        }
        else
        {
            entries.Remove((TKey)key!);
        }
    }
}
