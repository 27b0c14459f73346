using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What became of one bundle that was to be redacted.</summary>
internal sealed record RedactAnswer
{
    /// <summary>The copy.</summary>
    public required string Output { get; init; }

    public required RedactResult Written { get; init; }
}
