namespace RolloutTrace.Lake;

/// <summary>What stands in a column.</summary>
public enum TableColumnType
{
    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Number,

    /// <summary>A time in microseconds of UTC.</summary>
    Time,
}
