namespace RolloutTrace.Cli;

/// <summary>A bundle has not what is asked for. The message names what that is.</summary>
internal sealed class QueryException(string message) : Exception(message);
