namespace RolloutTrace.GenAI.Threads;

/// <summary>An agent's history: all of it, or its last item.</summary>
internal readonly record struct HistoryKey(string Agent, UInt128 Hash, bool IsWhole);
