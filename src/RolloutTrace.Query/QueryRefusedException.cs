namespace RolloutTrace.Query;

/// <summary>A statement is not one that reads, or there is nothing to read.</summary>
internal sealed class QueryRefusedException(string message) : Exception(message);
