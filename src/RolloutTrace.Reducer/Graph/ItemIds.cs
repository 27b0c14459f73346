using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>
/// The ids of conversation items by their numbers. An id is made when it is first asked for, and is the same string from then on, for all
/// rollouts of the process. Safe for concurrent use.
/// </summary>
internal static class ItemIds
{
    private const int ChunkBits = 10;
    private const int ChunkSize = 1 << ChunkBits;
    private const int Chunks = 256;

    // Items with higher numbers are made anew each time, so that what is kept is bounded.
    private static readonly string?[]?[] Made = new string?[]?[Chunks];

    /// <summary>The id of the item with a number.</summary>
    public static string Of(int number)
    {
        var chunk = number >> ChunkBits;
        if ((uint)chunk >= Chunks)
        {
            return ObjectIds.ConversationItem(number);
        }

        var ids = Made[chunk] ?? Begin(chunk);
        return ids[number & (ChunkSize - 1)] ??= ObjectIds.ConversationItem(number);
    }

    /// <summary>The number of an item; 0 if the id is none that <see cref="Of"/> makes.</summary>
    public static int NumberOf(string id) => ObjectIds.NumberOf(id) is > 0 and var number && id[ObjectIds.ConversationItemPrefix.Length] != '0' ? number : 0;

    private static string?[] Begin(int chunk) => Interlocked.CompareExchange(ref Made[chunk], new string?[ChunkSize], null) ?? Made[chunk]!;
}
