using RolloutTrace.Content;
using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Threads;

/// <summary>Compares a request with a history of whose latest question it may show less than the model was shown.</summary>
internal static class ShorterQuestion
{
    /// <summary>
    /// Whether a request shows all that was said in a history, and then asks something new; but for the latest question, of which it shows
    /// a part of the messages, or of the words of each. Calls may be left out.
    /// </summary>
    public static bool GoesOn(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        var end = input.Count;
        while (end > 0 && !IsSaid(input[end - 1], "assistant"))
        {
            end--;
        }

        if (end == 0 || !input.Skip(end).Any(static item => IsSaid(item, "user")))
        {
            return false;
        }

        var (shown, known) = (Compared(input.Take(end)), Compared(history));
        var (i, k) = (shown.Count - 1, known.Count - 1);

        // The answer, with the calls before it.
        while (i >= 0 && !IsSaid(shown[i], "user") && Meet(shown, i, known, ref k))
        {
            i--;
        }

        if (i < 0 || !IsSaid(shown[i], "user"))
        {
            return false;
        }

        LeaveCalls(known, ref k);
        return IsPart(shown, ref i, known, ref k) && IsSame(shown, i, known, k);
    }

    private static bool IsSame(List<ModelItem> shown, int i, List<ModelItem> known, int k)
    {
        for (; i >= 0; i--)
        {
            if (!Meet(shown, i, known, ref k))
            {
                return false;
            }
        }

        LeaveCalls(known, ref k);
        return k < 0;
    }

    // Users' messages that stand behind each other are one question.
    private static bool IsPart(List<ModelItem> shown, ref int i, List<ModelItem> known, ref int k)
    {
        for (; i >= 0 && IsSaid(shown[i], "user"); i--, k--)
        {
            while (k >= 0 && IsSaid(known[k], "user") && !KeptWords.AreIn(known[k].Text, shown[i].Text))
            {
                k--;
            }

            if (k < 0 || !IsSaid(known[k], "user"))
            {
                return false;
            }
        }

        while (k >= 0 && IsSaid(known[k], "user"))
        {
            k--;
        }

        return true;
    }

    private static bool Meet(List<ModelItem> shown, int i, List<ModelItem> known, ref int k)
    {
        while (k >= 0 && known[k].Hash != shown[i].Hash && known[k].Kind != ItemKind.Message)
        {
            k--;
        }

        return k >= 0 && known[k--].Hash == shown[i].Hash;
    }

    private static void LeaveCalls(List<ModelItem> known, ref int k)
    {
        while (k >= 0 && known[k].Kind != ItemKind.Message)
        {
            k--;
        }
    }

    private static bool IsSaid(ModelItem item, string role) => item.Kind == ItemKind.Message && item.Role == role;

    private static List<ModelItem> Compared(IEnumerable<ModelItem> items) => [.. items.Where(static item => item.IsCompared)];
}
