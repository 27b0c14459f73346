namespace RolloutTrace.GenAI.Mapping;

/// <summary>What ids of the conventions mean that are used for two things.</summary>
internal static class RequestIds
{
    /// <summary>
    /// Whether the id of a conversation is really the id of a response, also of one that was given before anybody listened: clients of
    /// the Responses API put the response there that they go on from.
    /// </summary>
    public static bool AreResponses(string conversationId) => conversationId.StartsWith("resp_", StringComparison.Ordinal);
}
