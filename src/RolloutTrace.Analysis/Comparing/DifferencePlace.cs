namespace RolloutTrace.Analysis.Comparing;

/// <summary>Where in one of the two runs a difference is.</summary>
public sealed record DifferencePlace
{
    /// <summary>The agent's path.</summary>
    public required string Thread { get; init; }

    /// <summary>The request; where only the other run has it, the one before which it would stand. Null where there is none.</summary>
    public required string? Request { get; init; }

    /// <summary>The conversation item; null where it is none, or only the other run has it.</summary>
    public required string? Item { get; init; }

    /// <summary>The sequence number at which the request started; null where there is none.</summary>
    public required long? Seq { get; init; }

    /// <summary>What stands there, 400 characters at most, around the first character that differs; null where nothing does.</summary>
    public required string? Text { get; init; }
}
