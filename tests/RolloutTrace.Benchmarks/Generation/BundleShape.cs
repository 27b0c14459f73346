namespace RolloutTrace.Benchmarks.Generation;

/// <summary>
/// What a generated bundle looks like. The defaults give the reference shape: one thread, three full model
/// requests and two commands a turn, a history that only grows.
/// </summary>
internal sealed record BundleShape
{
    public required int Turns { get; init; }

    /// <summary>The same seed and shape give the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Multiplies the length of every text. 1 is terse, so that items are many rather than long; 10 is chatty.</summary>
    public double TextScale { get; init; } = 1;

    /// <summary>Compact the history before every Nth turn; 0 for never.</summary>
    public int CompactEvery { get; init; }

    /// <summary>How many agents play so many turns each, one after the other, each in a thread of its own.</summary>
    public int Agents { get; init; } = 1;

    /// <summary>Payloads over many lines, as some writers make them, instead of one.</summary>
    public bool Indented { get; init; }

    /// <summary>Texts are taken from this repository's own sources and documents, in place of few words again and again: real words and code, as unlike each other as those are.</summary>
    public bool Realistic { get; init; }
}
