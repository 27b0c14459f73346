using System.Text.Json.Serialization;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>A difference between two runs that does not follow from another.</summary>
public sealed record RolloutDifference
{
    /// <summary>What kind of cause it is.</summary>
    public required DifferenceKind Kind { get; init; }

    /// <summary>What differs.</summary>
    public required DifferenceSubject What { get; init; }

    /// <summary>The tool or the parameter; left out of JSON for anything else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Of an item, where it comes from; left out of JSON for anything else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DifferenceSource? Source { get; init; }

    /// <summary>Where it is in the first run.</summary>
    public required DifferencePlace A { get; init; }

    /// <summary>Where it is in the second run.</summary>
    public required DifferencePlace B { get; init; }

    /// <summary>How many requests and responses differ because of it.</summary>
    public required int Consequences { get; init; }
}
