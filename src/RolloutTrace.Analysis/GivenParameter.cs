namespace RolloutTrace.Analysis;

/// <summary>A parameter of a request.</summary>
public sealed record GivenParameter
{
    /// <summary>Name of the member; of one in a group of parameters, the way to it with dots between.</summary>
    public required string Name { get; init; }

    /// <summary>What stands there, as JSON.</summary>
    public required string Value { get; init; }
}
