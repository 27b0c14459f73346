namespace RolloutTrace.Bundle;

/// <summary>Limits that keep a hostile bundle from exhausting the reader.</summary>
public sealed record BundleReaderOptions
{
    /// <summary>The limits used unless others are given.</summary>
    public static BundleReaderOptions Default { get; } = new();

    /// <summary>
    /// The longest line of the event log, in bytes; 64 MiB by default. A longer one is an unreadable line:
    /// it is passed over without being held in memory.
    /// </summary>
    public int MaxLineBytes { get; init; } = 64 << 20;

    /// <summary>The largest payload file, in bytes; 1 GiB by default, at most <see cref="Array.MaxLength"/>. A larger one is an unreadable payload.</summary>
    public int MaxPayloadBytes { get; init; } = 1 << 30;

    /// <summary>The largest number of lines in the event log; 100 million by default. The log is taken to end there, with an error.</summary>
    public long MaxLines { get; init; } = 100_000_000;

    /// <summary>How deep JSON in events and payloads may be nested; 128.</summary>
    public const int MaxDepth = 128;
}
