using System.Collections;
using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>
/// An immutable list of ids that grows cheaply: lists that continue one another share their storage, so that
/// the histories of a thousand requests, each a little longer than the last, cost no more than the longest.
/// </summary>
/// <remarks>
/// Reading is safe from several threads; <see cref="Append(string)"/> and <see cref="Take"/> are for one thread at
/// a time among all lists with a common origin.
/// </remarks>
[JsonConverter(typeof(IdListConverter))]
public sealed class IdList : IReadOnlyList<string>, IEquatable<IdList>
{
    // Most lists have one id, and need no storage for it: null for one item or nothing, a string for another id, or the storage that lists share.
    private readonly object? ids;
    private readonly int only;

    private IdList(IdStorage storage, int count)
    {
        ids = storage;
        Count = count;
    }

    private IdList(string? name, int item, int count)
    {
        ids = name;
        only = item;
        Count = count;
    }

    /// <summary>The list without ids.</summary>
    public static IdList Empty { get; } = new(name: null, item: 0, count: 0);

    /// <summary>Number of ids.</summary>
    public int Count { get; }

    /// <summary>Identity of the storage: lists that have it in common begin with the same ids.</summary>
    internal object Storage => ids as IdStorage ?? (object)this;

    /// <summary>Whether all ids are those of conversation items, of which there are the numbers.</summary>
    internal bool IsOfItems => ids is null || (ids is IdStorage storage && storage.IsOfItems);

    /// <summary>The numbers of the items; none where <see cref="IsOfItems"/> is false.</summary>
    internal ReadOnlySpan<int> Numbers => ids is null ? new ReadOnlySpan<int>(in only)[..Count] : ids is IdStorage { IsOfItems: true } storage ? storage.Numbers(Count) : [];

    /// <summary>The id at an index from 0 to <see cref="Count"/> - 1.</summary>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return At(index);
        }
    }

    /// <summary>The list of the given ids, in their order.</summary>
    public static IdList From(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var own = IdStorage.New(ofItems: true);
        foreach (var id in ids)
        {
            var number = ItemIds.NumberOf(id);
            if (number == 0 && own.IsOfItems)
            {
                own = own.Copy(own.Count, ofItems: false, room: 1);
            }

            own.Add(id, number);
        }

        return own.Count switch { 0 => Empty, 1 => One(own[0]), var count => new IdList(own, count) };
    }

    /// <summary>The list with one more id. Amortised constant time along the longest line of lists.</summary>
    public IdList Append(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Count == 0)
        {
            return One(id);
        }

        if (ids is IdStorage shared && Count < shared.Count && string.Equals(shared[Count], id, StringComparison.Ordinal))
        {
            return new IdList(shared, Count + 1);
        }

        var number = ItemIds.NumberOf(id);
        var own = Own(Count, areItems: number > 0, more: 1);
        own.Add(id, number);
        return new IdList(own, Count + 1);
    }

    /// <summary>The list with more ids.</summary>
    public IdList Append(IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids is IdList { IsOfItems: true } items)
        {
            return Append(items.Numbers);
        }

        var list = this;
        for (var i = 0; i < ids.Count; i++)
        {
            list = list.Append(ids[i]);
        }

        return list;
    }

    /// <summary>The list with more items.</summary>
    /// <param name="items">Their numbers.</param>
    /// <param name="room">How many more are expected, for which there is to be room if there has to be a storage of the list's own.</param>
    internal IdList Append(ReadOnlySpan<int> items, int room = 0)
    {
        // What the storage goes on with is shared.
        var same = Count > 0 && ids is IdStorage { IsOfItems: true } shared ? shared.Numbers(shared.Count)[Count..].CommonPrefixLength(items) : 0;
        if (same == items.Length)
        {
            return same == 0 ? this : new IdList((IdStorage)ids!, Count + same);
        }

        if (Count == 0 && items.Length == 1 && room == 0)
        {
            return new IdList(name: null, items[0], count: 1);
        }

        var own = Own(Count + same, areItems: true, items.Length - same + room);
        own.Add(items[same..]);
        return new IdList(own, own.Count);
    }

    /// <summary>The first <paramref name="count"/> ids, or all if there are fewer. Constant time.</summary>
    public IdList Take(int count) => count >= Count ? this : count == 0 ? Empty : new IdList((IdStorage)ids!, count);

    /// <summary>The ids behind the first <paramref name="count"/>, for which those are not gone through.</summary>
    /// <param name="count">How many are left out; none for 0 or less, all for <see cref="Count"/> or more.</param>
    public IEnumerable<string> Skip(int count)
    {
        for (var i = Math.Max(count, 0); i < Count; i++)
        {
            yield return At(i);
        }
    }

    /// <summary>Whether the list begins with the ids of another. Constant time for lists that share their storage.</summary>
    public bool StartsWith(IdList beginning)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        return beginning.Count <= Count && Take(beginning.Count).Equals(beginning);
    }

    /// <summary>Whether an id is in the list. Linear time.</summary>
    public bool Contains(string id)
    {
        if (IsOfItems)
        {
            return ItemIds.NumberOf(id) is > 0 and var number && Numbers.Contains(number);
        }

        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(At(i), id, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Equal when the same ids stand in the same order.</summary>
    public bool Equals(IdList? other)
    {
        if (other is null || Count != other.Count)
        {
            return false;
        }

        if (ids is IdStorage && ReferenceEquals(ids, other.ids))
        {
            return true;
        }

        if (IsOfItems && other.IsOfItems)
        {
            return Numbers.SequenceEqual(other.Numbers);
        }

        for (var i = 0; i < Count; i++)
        {
            if (!string.Equals(At(i), other.At(i), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IdList);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, At(0), At(Count - 1));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return At(i);
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A list of one id, which is the number alone where it is an item's.
    private static IdList One(string id) => ItemIds.NumberOf(id) is > 0 and var number ? new IdList(name: null, number, count: 1) : new IdList(id, item: 0, count: 1);

    private string At(int index) => ids switch
    {
        IdStorage storage => storage[index],
        string name => name,
        _ => ItemIds.Of(only),
    };

    // Another list goes on differently behind the end, or has ids of another kind, or this has no storage yet: they part ways.
    private IdStorage Own(int count, bool areItems, int more)
    {
        if (ids is IdStorage shared)
        {
            return count == shared.Count && (areItems || !shared.IsOfItems) ? shared : shared.Copy(count, areItems, more);
        }

        var own = IdStorage.New(IsOfItems && areItems, Count + more);
        if (Count > 0)
        {
            own.Add(own.IsOfItems ? "" : At(0), only);
        }

        return own;
    }
}
