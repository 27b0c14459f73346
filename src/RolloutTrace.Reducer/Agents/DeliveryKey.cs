namespace RolloutTrace.Reducer.Agents;

/// <summary>What a message and its delivery have in common: where it goes, who wrote it, and what it says.</summary>
internal sealed record DeliveryKey(string TargetThreadId, string AuthorPath, string Message);
