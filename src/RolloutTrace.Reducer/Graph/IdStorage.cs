namespace RolloutTrace.Reducer;

/// <summary>
/// The ids that lists with a common origin share. Of conversation items, which nearly all of them are, only the numbers are kept: half the memory, and
/// nothing in it for the garbage collector to go through.
/// </summary>
internal sealed class IdStorage
{
    private const int LeastRoom = 4;

    // One of the two.
    private int[]? numbers;
    private string[]? names;

    private IdStorage(int[]? numbers, string[]? names)
    {
        this.numbers = numbers;
        this.names = names;
    }

    /// <summary>How many ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it can have ids of conversation items, and no others.</summary>
    public bool IsOfItems => numbers is not null;

    /// <summary>The id at an index below <see cref="Count"/>.</summary>
    public string this[int index] => numbers is not null ? ItemIds.Of(numbers[index]) : names![index];

    /// <summary>No ids yet.</summary>
    /// <param name="ofItems">Whether they will be of conversation items.</param>
    /// <param name="room">For how many there is room without further ado.</param>
    public static IdStorage New(bool ofItems, int room = 0) => ofItems ? new IdStorage(new int[room], null) : new IdStorage(null, new string[room]);

    /// <summary>The numbers of the first items; there are some only where all are items.</summary>
    public ReadOnlySpan<int> Numbers(int count) => numbers.AsSpan(0, count);

    /// <summary>The first ids, as a storage of their own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="ofItems">Whether those that follow will be of conversation items.</param>
    /// <param name="room">For how many more there is to be room.</param>
    public IdStorage Copy(int count, bool ofItems, int room)
    {
        var copy = New(ofItems && (count == 0 || IsOfItems), count + room);
        if (copy.numbers is not null)
        {
            numbers.AsSpan(0, count).CopyTo(copy.numbers);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                copy.names![i] = this[i];
            }
        }

        copy.Count = count;
        return copy;
    }

    /// <summary>Adds an id, which is an item's where all are.</summary>
    /// <param name="id">The id.</param>
    /// <param name="number">Its number, if it is an item's.</param>
    public void Add(string id, int number)
    {
        MakeRoom(1);
        if (numbers is not null)
        {
            numbers[Count++] = number;
        }
        else
        {
            names![Count++] = id;
        }
    }

    /// <summary>Adds items.</summary>
    public void Add(ReadOnlySpan<int> items)
    {
        MakeRoom(items.Length);
        if (numbers is not null)
        {
            items.CopyTo(numbers.AsSpan(Count));
        }
        else
        {
            for (var i = 0; i < items.Length; i++)
            {
                names![Count + i] = ItemIds.Of(items[i]);
            }
        }

        Count += items.Length;
    }

    // Most lists grow by little, and many by nothing: a quarter is enough for constant time.
    private void MakeRoom(int more)
    {
        if (numbers is not null && Count + more > numbers.Length)
        {
            Array.Resize(ref numbers, Math.Max(Count + more, numbers.Length + (numbers.Length / 4) + LeastRoom));
        }
        else if (names is not null && Count + more > names.Length)
        {
            Array.Resize(ref names, Math.Max(Count + more, names.Length + (names.Length / 4) + LeastRoom));
        }
    }
}
