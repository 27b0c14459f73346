using System.Collections;
using System.Runtime.InteropServices;
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
    private readonly List<string> storage;

    private IdList(List<string> storage, int count)
    {
        this.storage = storage;
        Count = count;
    }

    /// <summary>The list without ids.</summary>
    public static IdList Empty { get; } = new([], 0);

    /// <summary>Number of ids.</summary>
    public int Count { get; }

    /// <summary>Identity of the storage: lists that have it in common begin with the same ids.</summary>
    internal object Storage => storage;

    /// <summary>The ids, as long as no list with a common origin grows.</summary>
    internal ReadOnlySpan<string> Span => CollectionsMarshal.AsSpan(storage)[..Count];

    /// <summary>The id at an index from 0 to <see cref="Count"/> - 1.</summary>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return storage[index];
        }
    }

    /// <summary>The list of the given ids, in their order.</summary>
    public static IdList From(IEnumerable<string> ids)
    {
        var copy = new List<string>(ids);
        return new IdList(copy, copy.Count);
    }

    /// <summary>The list with one more id. Amortised constant time along the longest line of lists.</summary>
    public IdList Append(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Count > 0 && Count < storage.Count && string.Equals(storage[Count], id, StringComparison.Ordinal))
        {
            return new IdList(storage, Count + 1);
        }

        // Another list goes on differently behind this one's end, or this is the shared empty list: part ways.
        var own = Count > 0 && Count == storage.Count ? storage : storage.GetRange(0, Count);
        own.Add(id);
        return new IdList(own, Count + 1);
    }

    /// <summary>The list with more ids.</summary>
    public IdList Append(IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var list = this;
        for (var i = 0; i < ids.Count; i++)
        {
            list = list.Append(ids[i]);
        }

        return list;
    }

    /// <summary>The list with more ids.</summary>
    internal IdList Append(ReadOnlySpan<string> ids)
    {
        var count = Count;
        while (count > 0 && count < storage.Count && ids.Length > 0 && string.Equals(storage[count], ids[0], StringComparison.Ordinal))
        {
            count++;
            ids = ids[1..];
        }

        if (ids.IsEmpty)
        {
            return count == Count ? this : new IdList(storage, count);
        }

        var own = count > 0 && count == storage.Count ? storage : storage.GetRange(0, count);
        own.AddRange(ids);
        return new IdList(own, own.Count);
    }

    /// <summary>The first <paramref name="count"/> ids, or all if there are fewer. Constant time.</summary>
    public IdList Take(int count) => count >= Count ? this : count == 0 ? Empty : new IdList(storage, count);

    /// <summary>The ids behind the first <paramref name="count"/>, for which those are not gone through.</summary>
    /// <param name="count">How many are left out; none for 0 or less, all for <see cref="Count"/> or more.</param>
    public IEnumerable<string> Skip(int count)
    {
        for (var i = Math.Max(count, 0); i < Count; i++)
        {
            yield return storage[i];
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
        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(storage[i], id, StringComparison.Ordinal))
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

        for (var i = 0; i < Count && !ReferenceEquals(storage, other.storage); i++)
        {
            if (!string.Equals(storage[i], other.storage[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IdList);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, storage[0], storage[Count - 1]);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return storage[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
