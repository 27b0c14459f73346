using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake;

/// <summary>The values of a column that wait to be written.</summary>
internal abstract class ColumnValues(DataField description)
{
    protected DataField Description => description;

    public static ColumnValues Of(DataField field) =>
        field.ClrType == typeof(long) ? new Values<long>(field)
        : field.ClrType == typeof(DateTime) ? new Values<DateTime>(field)
        : new Texts(field);

    /// <summary>Adds some rows of a group. A column that the file does not have is null there.</summary>
    public Task AddAsync(ParquetRowGroupReader group, ParquetSchema schema, int count, IReadOnlyList<int> wanted) =>
        Array.Find(schema.DataFields, field => field.Name == description.Name) is { } theirs ? ReadAsync(group, theirs, count, wanted) : AddNulls(wanted.Count);

    /// <summary>Writes what waits.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    protected abstract Task ReadAsync(ParquetRowGroupReader group, DataField theirs, int count, IReadOnlyList<int> wanted);

    protected abstract Task AddNulls(int count);

    private sealed class Texts(DataField description) : ColumnValues(description)
    {
        private readonly List<string?> values = [];

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Description, (IReadOnlyCollection<string>)values!).ConfigureAwait(false);
            values.Clear();
        }

        protected override async Task ReadAsync(ParquetRowGroupReader group, DataField theirs, int count, IReadOnlyList<int> wanted)
        {
            var read = new string?[count];
            await group.ReadAsync(theirs, read.AsMemory()).ConfigureAwait(false);
            values.AddRange(wanted.Select(row => read[row]));
        }

        protected override Task AddNulls(int count)
        {
            values.AddRange(Enumerable.Repeat<string?>(null, count));
            return Task.CompletedTask;
        }
    }

    private sealed class Values<T>(DataField description) : ColumnValues(description)
        where T : struct
    {
        private readonly List<T?> values = [];

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            if (Description.IsNullable)
            {
                await group.WriteAsync<T>(Description, values.ToArray().AsMemory()).ConfigureAwait(false);
            }
            else
            {
                await group.WriteAsync<T>(Description, values.Select(static value => value!.Value).ToArray().AsMemory()).ConfigureAwait(false);
            }

            values.Clear();
        }

        protected override async Task ReadAsync(ParquetRowGroupReader group, DataField theirs, int count, IReadOnlyList<int> wanted)
        {
            if (theirs.IsNullable)
            {
                var read = new T?[count];
                await group.ReadAsync<T>(theirs, read.AsMemory()).ConfigureAwait(false);
                values.AddRange(wanted.Select(row => read[row]));
            }
            else
            {
                var read = new T[count];
                await group.ReadAsync<T>(theirs, read.AsMemory()).ConfigureAwait(false);
                values.AddRange(wanted.Select(row => (T?)read[row]));
            }
        }

        protected override Task AddNulls(int count)
        {
            values.AddRange(Enumerable.Repeat<T?>(null, count));
            return Task.CompletedTask;
        }
    }
}
