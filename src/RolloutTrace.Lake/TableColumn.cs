using Parquet.Schema;

namespace RolloutTrace.Lake;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What stands in it.</param>
/// <param name="IsKey">Whether it tells rows apart, and is never null.</param>
public sealed record TableColumn(string Name, TableColumnType Type, bool IsKey)
{
    internal static TableColumn Of(DataField field) => new(
        field.Name,
        field.ClrType == typeof(long) ? TableColumnType.Number : field.ClrType == typeof(DateTime) ? TableColumnType.Time : TableColumnType.Text,
        !field.IsNullable);
}
