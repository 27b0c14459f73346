namespace RolloutTrace.TestSupport;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">What it gave back.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
public sealed record ShellResult(int ExitCode, string Output, string Errors);
