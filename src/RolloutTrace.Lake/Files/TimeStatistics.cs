using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;

namespace RolloutTrace.Lake;

/// <summary>
/// Parquet.Net 6.1 writes the least and the greatest of a column's times in milliseconds, whatever the unit of the column, and engines that go by
/// them leave out rows that are there. This puts them right, in the headers of pages and in the footer, where they have the same length.
/// </summary>
internal static class TimeStatistics
{
    private const int LongestPageHeader = 160;
    private const int FooterEnd = 8;

    /// <summary>Puts a file's right.</summary>
    public static async Task CorrectAsync(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var end = file.Length - FooterEnd;
            var footer = end - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(end));
            foreach (var group in reader.RowGroups)
            {
                foreach (var field in reader.Schema.DataFields.OfType<DateTimeDataField>())
                {
                    if (group.GetMetadata(field)?.MetaData is not { Statistics: { } statistics } column)
                    {
                        continue;
                    }

                    var page = (int)column.DataPageOffset;
                    foreach (var bound in new[] { statistics.MinValue, statistics.MaxValue, statistics.Min, statistics.Max })
                    {
                        if (bound is { Length: sizeof(long) })
                        {
                            Correct(file.AsSpan(page, Math.Min(LongestPageHeader, footer - page)), bound);
                            Correct(file.AsSpan(footer, end - footer), bound);
                        }
                    }
                }
            }
        }
    }

    // A value of eight bytes stands behind its length.
    private static void Correct(Span<byte> part, ReadOnlySpan<byte> milliseconds)
    {
        Span<byte> wrong = stackalloc byte[1 + sizeof(long)];
        wrong[0] = sizeof(long);
        milliseconds.CopyTo(wrong[1..]);
        while (part.IndexOf(wrong) is >= 0 and var place)
        {
            var value = part.Slice(place + 1, sizeof(long));
            BinaryPrimitives.WriteInt64LittleEndian(value, BinaryPrimitives.ReadInt64LittleEndian(value) * 1_000);
            part = part[(place + wrong.Length)..];
        }
    }
}
