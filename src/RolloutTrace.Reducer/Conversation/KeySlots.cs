namespace RolloutTrace.Reducer.Conversation;

/// <summary>The memory for tables that are made one after the other, so that it is not taken anew for each.</summary>
internal sealed class KeySlots
{
    private int[] slots = [];

    /// <summary>At least so many slots, all 0. Those that were given before are used again.</summary>
    public int[] Empty(int count)
    {
        if (slots.Length < count)
        {
            slots = new int[count];
        }
        else
        {
            Array.Clear(slots, 0, count);
        }

        return slots;
    }
}
