using RolloutTrace.Joining;

namespace RolloutTrace.Cli;

/// <summary>What became of bundles that were to be joined.</summary>
internal sealed record JoinAnswer
{
    /// <summary>The joined bundle.</summary>
    public required string Output { get; init; }

    /// <summary>The bundles in it, in order of start.</summary>
    public required IReadOnlyList<JoinedPartAnswer> Parts { get; init; }

    /// <summary>The bundles that were left out, each with its reason.</summary>
    public required IReadOnlyList<ApartPart> Apart { get; init; }

    /// <summary>What was found on the way.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required long Events { get; init; }

    public required long Payloads { get; init; }
}
