namespace RolloutTrace.Reducer;

/// <summary>A process in a terminal, over all the operations on it.</summary>
public sealed record TerminalSession
{
    /// <summary>The runtime's id of the process.</summary>
    public required string TerminalId { get; init; }

    /// <summary>The thread it belongs to.</summary>
    public required string ThreadId { get; init; }

    /// <summary>The operation that made it.</summary>
    public required string CreatedByOperationId { get; init; }

    /// <summary>The operations on it, in order.</summary>
    public required IdList OperationIds { get; init; }

    /// <summary>When it started. The format does not say when a process ends: it stays running.</summary>
    public required ExecutionWindow Execution { get; init; }
}
