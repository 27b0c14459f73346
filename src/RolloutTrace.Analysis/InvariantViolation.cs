namespace RolloutTrace.Analysis;

/// <summary>Something in a state that no reduction gives: the state is damaged, or what made it has a defect.</summary>
public sealed record InvariantViolation
{
    /// <summary>What kind of thing it is; one of <see cref="InvariantCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The id of the object concerned.</summary>
    public required string Subject { get; init; }

    /// <summary>What does not hold, naming the object and the other ids concerned.</summary>
    public required string Message { get; init; }
}
