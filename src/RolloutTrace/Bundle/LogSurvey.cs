namespace RolloutTrace.Bundle;

/// <summary>Counts the events in a log that somebody else has changed.</summary>
internal static class LogSurvey
{
    /// <summary>The events that are numbered from 1 without a hole, from the log's beginning.</summary>
    /// <param name="log">The log.</param>
    /// <param name="written">How many there were.</param>
    /// <returns>How many, and the offset behind the last of them.</returns>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static (long Events, long End) Prefix(string log, long written)
    {
        long events = 0;
        long end = 0;
        long before = 0;
        foreach (var line in Lines(log))
        {
            if (events == written || line.Event?.Seq != events + 1)
            {
                break;
            }

            events++;
            before = end;
            end = line.EndOffset;
        }

        // The last line of a truncated log may be whole but for its end.
        return end > 0 && !EndsALine(log, end) ? (events - 1, before) : (events, end);
    }

    /// <summary>The events in a log that is another one by now: each number once, in their order.</summary>
    /// <param name="log">The log.</param>
    /// <param name="written">How many there were.</param>
    /// <param name="maxBytes">Where to stop reading.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static long Events(string log, long written, long maxBytes)
    {
        long events = 0;
        long last = 0;
        foreach (var line in Lines(log))
        {
            if (line.EndOffset > maxBytes || last == written)
            {
                break;
            }

            if (line.Event is { Seq: var seq } && seq > last && seq <= written)
            {
                events++;
                last = seq;
            }
        }

        return events;
    }

    private static IEnumerable<RawEventLine> Lines(string log) =>
        EventReader.Read(BundleFiles.InDirectory(Path.GetDirectoryName(log)!), Path.GetFileName(log), BundleReaderOptions.Default);

    private static bool EndsALine(string log, long offset)
    {
        using var reading = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(reading, last, offset - 1) == 1 && last[0] == (byte)'\n';
    }
}
