namespace RolloutTrace.Joining;

/// <summary>A bundle that was not joined.</summary>
/// <param name="Path">What it is called in messages.</param>
/// <param name="TraceId">Its trace id.</param>
/// <param name="RolloutId">Its rollout.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ApartPart(string Path, string TraceId, string RolloutId, string Reason);
