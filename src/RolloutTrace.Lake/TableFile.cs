namespace RolloutTrace.Lake;

/// <summary>A rollout's rows in one table.</summary>
public sealed record TableFile
{
    /// <summary>The table's name.</summary>
    public required string Table { get; init; }

    /// <summary>How many there are, from 1.</summary>
    public required int Rows { get; init; }

    /// <summary>A Parquet file.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The first 16 hex digits of the content's SHA-256.</summary>
    public required string Hash { get; init; }
}
