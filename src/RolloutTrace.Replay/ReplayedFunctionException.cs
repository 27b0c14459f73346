namespace RolloutTrace.Replay;

/// <summary>A call that failed when it was recorded fails again. The message is what was recorded of the failure.</summary>
public sealed class ReplayedFunctionException : Exception
{
    internal ReplayedFunctionException(string toolCallId, string error)
        : base(error)
    {
        ToolCallId = toolCallId;
    }

    /// <summary>The recorded call.</summary>
    public string ToolCallId { get; }
}
