namespace RolloutTrace.Cli;

/// <summary>A bundle that a command line means, or a path that means none and why.</summary>
internal readonly record struct FoundBundle(string Path, string? Problem);
