namespace RolloutTrace.Reducer.Conversation;

/// <summary>Puts together what several sightings of one reasoning item tell.</summary>
internal static class ReasoningParts
{
    /// <summary>
    /// The stored parts with text, or a summary, from the sighting where they have none; null when that changes
    /// nothing.
    /// </summary>
    public static IReadOnlyList<ConversationPart>? Merge(IReadOnlyList<ConversationPart> stored, IReadOnlyList<ConversationPart> seen)
    {
        var addsText = !Has<TextPart>(stored) && Has<TextPart>(seen);
        var addsSummary = !Has<SummaryPart>(stored) && Has<SummaryPart>(seen);
        return addsText || addsSummary
            ?
            [
                .. (addsText ? seen : stored).OfType<TextPart>(),
                .. (addsSummary ? seen : stored).OfType<SummaryPart>(),
                .. stored.OfType<EncodedPart>(),
            ]
            : null;
    }

    private static bool Has<T>(IReadOnlyList<ConversationPart> parts)
        where T : ConversationPart
    {
        foreach (var part in parts)
        {
            if (part is T)
            {
                return true;
            }
        }

        return false;
    }
}
