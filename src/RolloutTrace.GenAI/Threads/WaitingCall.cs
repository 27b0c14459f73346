namespace RolloutTrace.GenAI.Threads;

/// <summary>A call that waits to be carried out.</summary>
/// <param name="Thread">The thread whose model asked for it.</param>
/// <param name="Request">Where that request was.</param>
internal readonly record struct WaitingCall(KnownThread Thread, RequestPlace Request)
{
    /// <summary>How near a tool's span is; one whose rollout has ended is far from all.</summary>
    public int NearnessOf(ForeignSpan tool) => Thread.Rollout is { HasEnded: true } ? -1 : Request.NearnessOf(tool);
}
