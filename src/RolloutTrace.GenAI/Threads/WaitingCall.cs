namespace RolloutTrace.GenAI.Threads;

/// <summary>A call that waits to be carried out.</summary>
/// <param name="Thread">The thread whose model asked for it.</param>
/// <param name="TraceId">The trace of that request.</param>
/// <param name="ParentSpanId">What was around that request; null or empty if nothing was.</param>
internal readonly record struct WaitingCall(KnownThread Thread, string TraceId, string? ParentSpanId)
{
    /// <summary>How near a tool's span is to the request that asked for it: programs of which nothing is around both may have many conversations at once that call the same.</summary>
    public int NearnessOf(ForeignSpan tool)
    {
        var isThere = Thread.Rollout is { HasEnded: true } ? 0 : 4;
        return tool.TraceId != TraceId ? isThere : string.IsNullOrEmpty(ParentSpanId) || tool.ParentSpanId != ParentSpanId ? isThere + 1 : isThere + 2;
    }
}
