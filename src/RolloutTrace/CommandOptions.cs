namespace RolloutTrace;

/// <summary>What is known of a command when it starts. All members are optional.</summary>
public readonly struct CommandOptions
{
    /// <summary>
    /// Id of the terminal in which the command runs, by which later calls write to it; best unique in the rollout. Of a terminal that
    /// another agent named before, only the span has it.
    /// </summary>
    public string? TerminalId { get; init; }

    /// <summary>The operating system's id of the process.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What is written to its standard input at once.</summary>
    public string? Input { get; init; }
}
