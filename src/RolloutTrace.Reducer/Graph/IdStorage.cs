namespace RolloutTrace.Reducer;

/// <summary>
/// The ids that lists with a common origin share. Of conversation items, which nearly all of them are, only the numbers are kept: half the memory, and
/// nothing in it for the garbage collector to go through.
/// </summary>
internal sealed class IdStorage
{
    private const int LeastRoom = 4;
    private const int OfNames = -1;

    // Null for one item.
    private int[]? numbers;

    // A string, or an array of them.
    private object? names;

    // Most lists have one id, which needs no array: the number of the only item, 0 before there is one, or OfNames.
    private int only;

    private IdStorage(bool ofItems, int room)
    {
        only = ofItems ? 0 : OfNames;
        if (room > 1)
        {
            Grow(room);
        }
    }

    /// <summary>How many ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it can have ids of conversation items, and no others.</summary>
    public bool IsOfItems => only != OfNames;

    /// <summary>The id at an index below <see cref="Count"/>.</summary>
    public string this[int index] =>
        IsOfItems ? ItemIds.Of(numbers is null ? only : numbers[index])
        : names is string name ? name
        : ((string[])names!)[index];

    /// <summary>No ids yet.</summary>
    /// <param name="ofItems">Whether they will be of conversation items.</param>
    /// <param name="room">For how many there is room without further ado.</param>
    public static IdStorage New(bool ofItems, int room = 0) => new(ofItems, room);

    /// <summary>The numbers of the first items; there are some only where all are items.</summary>
    public ReadOnlySpan<int> Numbers(int count) => numbers is not null ? numbers.AsSpan(0, count) : new ReadOnlySpan<int>(in only)[..count];

    /// <summary>The first ids, as a storage of their own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="ofItems">Whether those that follow will be of conversation items.</param>
    /// <param name="room">For how many more there is to be room.</param>
    public IdStorage Copy(int count, bool ofItems, int room)
    {
        var copy = New(ofItems && (count == 0 || IsOfItems), count + room);
        if (copy.IsOfItems)
        {
            copy.Add(count == 0 ? [] : Numbers(count));
            return copy;
        }

        for (var i = 0; i < count; i++)
        {
            copy.Add(this[i], number: 0);
        }

        return copy;
    }

    /// <summary>Adds an id, which is an item's where all are.</summary>
    /// <param name="id">The id.</param>
    /// <param name="number">Its number, if it is an item's.</param>
    public void Add(string id, int number)
    {
        MakeRoom(1);
        if (names is string[] array)
        {
            array[Count] = id;
        }
        else if (!IsOfItems)
        {
            names = id;
        }
        else if (numbers is not null)
        {
            numbers[Count] = number;
        }
        else
        {
            only = number;
        }

        Count++;
    }

    /// <summary>Adds items.</summary>
    public void Add(ReadOnlySpan<int> items)
    {
        MakeRoom(items.Length);
        if (IsOfItems && numbers is not null)
        {
            items.CopyTo(numbers.AsSpan(Count));
            Count += items.Length;
            return;
        }

        foreach (var item in items)
        {
            Add(IsOfItems ? "" : ItemIds.Of(item), item);
        }
    }

    // Most lists grow by little, and many by nothing: a quarter is enough for constant time.
    private void MakeRoom(int more)
    {
        var room = IsOfItems ? numbers?.Length : (names as string[])?.Length;
        if (Count + more > (room ?? 1))
        {
            Grow(Math.Max(Count + more, (room ?? 0) + ((room ?? 0) / 4) + LeastRoom));
        }
    }

    private void Grow(int room)
    {
        if (!IsOfItems)
        {
            var larger = new string[room];
            if (names is string[] array)
            {
                array.CopyTo(larger, 0);
            }
            else if (names is string name)
            {
                larger[0] = name;
            }

            names = larger;
        }
        else if (numbers is not null)
        {
            Array.Resize(ref numbers, room);
        }
        else
        {
            var larger = new int[room];
            larger[0] = only;
            numbers = larger;
        }
    }
}
