namespace RolloutTrace.Reducer;

/// <summary>
/// Memory for the long texts of one state, in a few large blocks. Half of what a state is made of may be such texts, and to a fresh page of 4 KB the
/// system takes longer than to fill it; of the large blocks it is asked to make pages of 2 MB. Each text keeps the block in which it lies. For one thread.
/// </summary>
internal sealed class TextMemory
{
    // A small state has small blocks.
    private const int FirstBytes = 64 << 10;
    private const int MostBytes = TextBlock.LargePage;

    private TextBlock? block;
    private int used;

    /// <summary>Room for a text.</summary>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="start">Where in the block it begins.</param>
    public TextBlock Take(int length, out int start)
    {
        if (block is null || block.Length - used < length)
        {
            var next = Math.Min(block is null ? FirstBytes : 2 * block.Length, MostBytes);
            if (length > next / 2)
            {
                // What would leave much of a block unused has one of its own.
                start = 0;
                return TextBlock.Of(length);
            }

            block = TextBlock.Of(next);
            used = 0;
        }

        start = used;
        used += length;
        return block;
    }
}
