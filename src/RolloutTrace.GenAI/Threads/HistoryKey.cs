namespace RolloutTrace.GenAI.Threads;

/// <summary>A part of an agent's history that it can be found by.</summary>
internal readonly record struct HistoryKey(string Agent, UInt128 Hash, HistoryPart Part);
