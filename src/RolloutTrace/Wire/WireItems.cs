using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The items that were read from entries: none, one or several an entry. Made to be used again and again, since it keeps its items'
/// memory. Not safe for concurrent use.
/// </summary>
public sealed class WireItems
{
    private WireItem[] items = [];

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>An item, in the order of the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none at the index.</exception>
    public WireItem this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return items[index];
        }
    }

    /// <summary>The items, in the order of the wire.</summary>
    public ReadOnlySpan<WireItem>.Enumerator GetEnumerator() => new ReadOnlySpan<WireItem>(items, 0, Count).GetEnumerator();

    /// <summary>Forgets all items; those that were handed out are no longer valid.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes back the item that was added last.</summary>
    internal void RemoveLast() => Count--;

    internal WireItem Add(WireItemKind kind, JsonElement source)
    {
        if (Count == items.Length)
        {
            var larger = new WireItem[Math.Max(4, 2 * items.Length)];
            Array.Copy(items, larger, Count);
            items = larger;
        }

        var item = items[Count] ??= new WireItem();
        Count++;
        item.Reset(kind, source);
        return item;
    }
}
