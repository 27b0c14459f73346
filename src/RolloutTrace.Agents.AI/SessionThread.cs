namespace RolloutTrace.Agents.AI;

/// <summary>The thread that a session's runs belong to. It is kept with the session, so that it is the same after the session was stored.</summary>
internal static class SessionThread
{
    private const string Entry = "rollout_trace.thread";

    /// <summary>The id of the thread, given to the session now if it has none.</summary>
    public static string? Of(Microsoft.Agents.AI.AgentSession session)
    {
        try
        {
            if (session.StateBag.TryGetValue<string>(Entry, out var threadId) && !string.IsNullOrEmpty(threadId))
            {
                return threadId;
            }

            threadId = Guid.CreateVersion7().ToString();
            session.StateBag.SetValue(Entry, threadId);
            return threadId;
        }
        catch (Exception)
        {
            // A session whose state cannot be used: its runs are told from others by their history.
            return null;
        }
    }
}
