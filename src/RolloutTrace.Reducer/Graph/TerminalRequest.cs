using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>What a terminal operation was asked to do.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ExecCommandRequest), "exec_command")]
[JsonDerivedType(typeof(WriteStdinRequest), "write_stdin")]
public abstract record TerminalRequest
{
    private protected TerminalRequest()
    {
    }
}

/// <summary>Run a command.</summary>
public sealed record ExecCommandRequest : TerminalRequest
{
    /// <summary>Executable and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The command, joined by spaces; for the eye only.</summary>
    public required string DisplayCommand { get; init; }

    /// <summary>The working directory.</summary>
    public required string Cwd { get; init; }

    /// <summary>How long to wait for output before an early answer, in milliseconds.</summary>
    public long? YieldTimeMs { get; init; }

    /// <summary>How much output to give back at most, in tokens.</summary>
    public long? MaxOutputTokens { get; init; }
}

/// <summary>Write to a running command's standard input.</summary>
public sealed record WriteStdinRequest : TerminalRequest
{
    /// <summary>What to write; empty to look for output only.</summary>
    public required string Stdin { get; init; }

    /// <summary>How long to wait for output before an early answer, in milliseconds.</summary>
    public long? YieldTimeMs { get; init; }

    /// <summary>How much output to give back at most, in tokens.</summary>
    public long? MaxOutputTokens { get; init; }
}
