namespace RolloutTrace.GenAI.Threads;

/// <summary>The rules as bundles name them.</summary>
internal static class ThreadRules
{
    public static string Name(ThreadRule rule) => rule switch
    {
        ThreadRule.Handle => "handle",
        ThreadRule.ConversationId => "conversation_id",
        ThreadRule.SessionId => "session_id",
        ThreadRule.ResponseId => "response_id",
        ThreadRule.Parent => "parent",
        ThreadRule.History => "history",
        _ => "own",
    };

    /// <summary>Whether the rule may be wrong.</summary>
    public static bool IsGuess(ThreadRule rule) => rule is ThreadRule.History or ThreadRule.Own;
}
