namespace RolloutTrace.Joining;

/// <summary>What joining bundles would give.</summary>
public sealed record JoinPlan
{
    /// <summary>The bundle that the joined rollout begins with, as it is called in messages.</summary>
    public required string Root { get; init; }

    /// <summary>The agents that the joined rollout has, as paths, each behind the one that started it.</summary>
    public required IReadOnlyList<string> Agents { get; init; }

    /// <summary>The bundles that would be left out, those of other trees too, each with its reason; in the order of their trace ids.</summary>
    public required IReadOnlyList<ApartPart> Apart { get; init; }
}
