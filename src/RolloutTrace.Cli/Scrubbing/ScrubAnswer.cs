using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What became of one bundle that was to be scrubbed.</summary>
internal sealed record ScrubAnswer
{
    /// <summary>The copy.</summary>
    public required string Output { get; init; }

    public required ScrubResult Written { get; init; }
}
