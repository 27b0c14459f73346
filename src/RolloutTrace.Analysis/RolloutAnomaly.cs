namespace RolloutTrace.Analysis;

/// <summary>Something in a rollout that a person should look at.</summary>
public sealed record RolloutAnomaly
{
    /// <summary>What kind of thing it is; one of <see cref="AnomalyCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The id of what it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>What is the matter, on one line.</summary>
    public required string Message { get; init; }

    /// <summary>Where the evidence is.</summary>
    public required IReadOnlyList<Evidence> Evidence { get; init; }
}
