using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Which output answers which call, in one conversation. Ids may be used again: an output belongs to the nearest call of its id before it that has none.</summary>
internal static class PairedCalls
{
    /// <summary>Whether an item is a call, and not an output.</summary>
    public static bool IsCall(ConversationItem item) => item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;

    /// <summary>The calls with their outputs in the order of the outputs, and then those that have none. An output without a call is left out.</summary>
    /// <param name="items">The items, in the order of the conversation.</param>
    public static IEnumerable<(ConversationItem Call, ConversationItem? Output)> Of(IEnumerable<ConversationItem> items)
    {
        var unanswered = new Dictionary<string, Stack<ConversationItem>>(StringComparer.Ordinal);
        foreach (var item in items.Where(static item => item.CallId is not null))
        {
            if (!unanswered.TryGetValue(item.CallId!, out var calls))
            {
                unanswered.Add(item.CallId!, calls = []);
            }

            if (IsCall(item))
            {
                calls.Push(item);
            }
            else if (calls.TryPop(out var call))
            {
                yield return (call, item);
            }
        }

        foreach (var call in unanswered.Values.SelectMany(static calls => calls))
        {
            yield return (call, null);
        }
    }
}
