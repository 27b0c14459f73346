namespace RolloutTrace.Import.Sessions;

/// <summary>What is known of a thread when it starts.</summary>
internal sealed record AgentStart
{
    /// <summary>Its id.</summary>
    public required string ThreadId { get; init; }

    /// <summary>When it started, in milliseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>The working directory that the log names; null for none.</summary>
    public string? Cwd { get; init; }

    /// <summary>The model; null if nobody says.</summary>
    public string? Model { get; init; }

    /// <summary>Who serves the model; null if nobody says.</summary>
    public string? Provider { get; init; }

    /// <summary>What the session came from, in the log's word; null for a spawned thread.</summary>
    public string? Source { get; init; }

    /// <summary>Further members of the metadata, as the log has them.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Log { get; init; } = [];

    /// <summary>The thread that spawned it; null for the root.</summary>
    public ThreadWriter? Parent { get; init; }

    /// <summary>The call that brought it about; null if that is not known.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>What it was to do, in a few words; null if nobody says.</summary>
    public string? TaskName { get; init; }

    /// <summary>The kind of agent; null if nobody says.</summary>
    public string? Role { get; init; }

    /// <summary>What users know it by; null if nobody says.</summary>
    public string? Nickname { get; init; }

    /// <summary>Its path, where the log gives one; null for one that is made of its parent's.</summary>
    public string? AgentPath { get; init; }
}
