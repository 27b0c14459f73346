namespace RolloutTrace.Reducer;

/// <summary>What the model saw of a terminal operation.</summary>
public sealed record TerminalObservation
{
    /// <summary>The conversation items that ask for it.</summary>
    public required IdList CallItemIds { get; init; }

    /// <summary>The conversation items that hold its output.</summary>
    public required IdList OutputItemIds { get; init; }

    /// <summary>How the model saw it; always <c>direct_tool_call</c>.</summary>
    public string Source { get; init; } = "direct_tool_call";
}
