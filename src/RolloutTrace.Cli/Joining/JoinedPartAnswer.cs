namespace RolloutTrace.Cli;

/// <summary>A bundle in a joined one.</summary>
/// <param name="TraceId">Its trace id.</param>
/// <param name="RolloutId">Its rollout.</param>
/// <param name="ShiftMs">What was added to its clock, in milliseconds.</param>
internal sealed record JoinedPartAnswer(string TraceId, string RolloutId, long ShiftMs);
