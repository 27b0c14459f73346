using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>The numbers in the ids of the list that was asked for last, and of those that it continues: each is read once, however often it is asked for.</summary>
internal sealed class ItemNumbers
{
    private int[] numbers = new int[64];
    private object? storage;
    private int count;

    /// <summary>The number of an item.</summary>
    /// <param name="list">A list of items.</param>
    /// <param name="index">Where in it the item is.</param>
    public int Of(IdList list, int index)
    {
        if (!ReferenceEquals(list.Storage, storage))
        {
            (storage, count) = (list.Storage, 0);
        }

        if (index >= count)
        {
            ReadThrough(list, index);
        }

        return numbers[index];
    }

    private void ReadThrough(IdList list, int index)
    {
        if (index >= numbers.Length)
        {
            Array.Resize(ref numbers, Math.Max(2 * numbers.Length, list.Count));
        }

        var ids = list.Span;
        for (; count <= index; count++)
        {
            numbers[count] = ObjectIds.NumberOf(ids[count]);
        }
    }
}
