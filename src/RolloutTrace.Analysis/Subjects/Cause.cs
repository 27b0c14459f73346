namespace RolloutTrace.Analysis.Subjects;

/// <summary>What caused something, and how.</summary>
/// <param name="Subject">What it was; null where the chain leaves the rollout, and then <paramref name="How"/> says all.</param>
/// <param name="How">How, in words.</param>
internal sealed record Cause(Subject? Subject, string How);
