namespace RolloutTrace.GenAI;

/// <summary>What was made of spans.</summary>
/// <param name="Rollouts">How many rollouts were recorded.</param>
/// <param name="Spans">How many spans meant something.</param>
/// <param name="Running">How many of them had not ended.</param>
public readonly record struct GenAIRolloutsSummary(int Rollouts, int Spans, int Running);
