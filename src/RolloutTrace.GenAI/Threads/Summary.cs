using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Threads;

/// <summary>What a model made of a thread's history, for the thread to go on with.</summary>
/// <param name="Hash">Of its text.</param>
/// <param name="CompactionId">The compaction that it was made for.</param>
internal readonly record struct Summary(UInt128 Hash, string CompactionId)
{
    /// <summary>Among how many of the first items of a request it stands.</summary>
    public const int LooksAt = 3;

    /// <summary>Whether a request shows it in the place of what was there.</summary>
    public bool IsIn(IReadOnlyList<ModelItem> input)
    {
        for (var i = 0; i < input.Count && i < LooksAt; i++)
        {
            if (input[i].Kind == ItemKind.Message && HistoryHash.OfText(input[i].Text) == Hash)
            {
                return true;
            }
        }

        return false;
    }
}
