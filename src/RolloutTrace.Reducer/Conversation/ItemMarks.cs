using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Marks on items by their numbers, for those who go through lists of them: what would be tables of their ids, made anew for each list.
/// Nobody's marks are another's.
/// </summary>
internal sealed class ItemMarks
{
    private int[] usedBy = new int[64];
    private int[] placedBy = new int[64];
    private int[] places = new int[64];
    private bool[] isDoubled = new bool[64];
    private ItemContent?[] doubled = new ItemContent?[64];
    private int last;

    /// <summary>A new owner of marks.</summary>
    public int NewOwner() => ++last;

    /// <summary>Whether an owner has marked an item as used.</summary>
    public bool IsUsed(int number, int owner) => number < usedBy.Length && usedBy[number] == owner;

    /// <summary>Marks an item as used; 0 is nobody's.</summary>
    public void Use(int number, int owner)
    {
        Reach(number);
        usedBy[number] = owner;
    }

    /// <summary>Where an owner has placed an item; -1 if nowhere.</summary>
    public int PlaceOf(int number, int owner) => number < placedBy.Length && placedBy[number] == owner ? places[number] : -1;

    /// <summary>Places an item, unless its owner has done so.</summary>
    public void Place(int number, int owner, int place)
    {
        Reach(number);
        if (placedBy[number] != owner)
        {
            placedBy[number] = owner;
            places[number] = place;
        }
    }

    /// <summary>Whether another item may say the same as one, or it has an id of ours, so that it has to be looked at to know it again.</summary>
    public bool IsDoubled(int number) => number < isDoubled.Length && isDoubled[number];

    /// <summary>What an item says that others say too, so that it need not be read again to be looked at; null if nobody noted it.</summary>
    public ItemContent? Doubled(int number) => number < doubled.Length ? doubled[number] : null;

    /// <summary>Notes that an item has to be looked at. That stays, even where the event is taken back: it only costs a look.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="content">What it says; null where that is not all that is to be looked at.</param>
    public void NoteDoubled(string itemId, ItemContent? content)
    {
        var number = ObjectIds.NumberOf(itemId);
        Reach(number);
        isDoubled[number] = true;
        doubled[number] = content;
    }

    /// <summary>A new item has a number, which another may have had in an event that was taken back.</summary>
    public void Begin(string itemId)
    {
        if (ObjectIds.NumberOf(itemId) is var number && number < doubled.Length)
        {
            doubled[number] = null;
        }
    }

    private void Reach(int number)
    {
        if (number >= usedBy.Length)
        {
            var length = Math.Max(number + 1, 2 * usedBy.Length);
            Array.Resize(ref usedBy, length);
            Array.Resize(ref placedBy, length);
            Array.Resize(ref places, length);
            Array.Resize(ref isDoubled, length);
            Array.Resize(ref doubled, length);
        }
    }
}
