namespace RolloutTrace.Analysis.Comparing;

/// <summary>What a model's tokens cost, a million each, in any currency. None is negative.</summary>
public sealed record ModelPrice
{
    /// <summary>Tokens of inputs.</summary>
    public required decimal Input { get; init; }

    /// <summary>Tokens of inputs that came from the cache; null if they cost what all others do.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Tokens of outputs.</summary>
    public required decimal Output { get; init; }
}
