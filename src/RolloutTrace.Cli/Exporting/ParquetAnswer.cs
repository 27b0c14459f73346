namespace RolloutTrace.Cli;

/// <summary>What was written of one bundle.</summary>
internal sealed record ParquetAnswer
{
    /// <summary>Its name in the tables.</summary>
    public required string Name { get; init; }

    /// <summary>The day whose partitions have its rows.</summary>
    public required string Day { get; init; }

    /// <summary>How many rows it has, by the table's name.</summary>
    public required IReadOnlyDictionary<string, int> Rows { get; init; }
}
