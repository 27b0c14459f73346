namespace RolloutTrace.Bundle;

/// <summary>Events that did not come: a range of their places in the bundle.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public readonly record struct MissingSeq(long First, long Last);
