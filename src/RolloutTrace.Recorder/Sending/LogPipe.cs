using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using RolloutTrace.Records;

namespace RolloutTrace.Recorder.Sending;

/// <summary>
/// A logging pipeline of the recorder's own, with the exporter that the program has: no other log goes into it, and its records go nowhere else. Used by
/// one thread.
/// </summary>
internal sealed class LogPipe : IDisposable
{
    /// <summary>The most records of a batch.</summary>
    public const int MaxBatch = 512;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    // One that is refused for what it is must not keep the others for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    // How often it is asked whether anybody waits still.
    private static readonly TimeSpan LookAfter = TimeSpan.FromMilliseconds(25);

    private readonly StampProcessor stamp = new();
    private readonly WatchedExporter exporter;
    private readonly BatchLogRecordExportProcessor batch;
    private readonly ILoggerFactory factory;
    private readonly ILogger logger;

    public LogPipe(BaseExporter<LogRecord> inner, Resource resource)
    {
        exporter = new WatchedExporter(inner);

        // What is put there is sent before there is as much again.
        batch = new BatchLogRecordExportProcessor(exporter, 4 * MaxBatch, scheduledDelayMilliseconds: int.MaxValue, maxExportBatchSize: 2 * MaxBatch);
        factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource.Attributes));
            options.AddProcessor(stamp).AddProcessor(batch).AddProcessor(new OwnedExporterProcessor(inner));
        }));
        logger = factory.CreateLogger(RecordNames.Scope);
    }

    /// <summary>
    /// Sends a batch until it is taken, or nobody wants to wait any more. What has arrived twice is known as that by whoever reads it.
    /// </summary>
    /// <param name="records">At most <see cref="MaxBatch"/>.</param>
    /// <param name="isGivenUp">Whether a batch that was not taken is given up.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Send(IReadOnlyList<OutgoingRecord> records, Func<bool> isGivenUp)
    {
        var clock = Stopwatch.StartNew();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            if (Try(records))
            {
                return true;
            }

            for (var until = clock.Elapsed + delay; clock.Elapsed < until; Thread.Sleep(LookAfter))
            {
                if (isGivenUp() || clock.Elapsed > Longest)
                {
                    return false;
                }
            }
        }
    }

    public void Dispose() => factory.Dispose();

    private bool Try(IReadOnlyList<OutgoingRecord> records)
    {
        var before = exporter.Taken;
        foreach (var record in records)
        {
            Log(record);
        }

        return batch.ForceFlush() && exporter.Taken - before == records.Count;
    }

    private void Log(OutgoingRecord record)
    {
        // Whoever exports is not observed; this is what is exported.
        using var observed = SuppressInstrumentationScope.Begin(false);
        stamp.Current = record;
        try
        {
            logger.Log(LogLevel.Information, new EventId(0, record.Name), record.Attributes, exception: null, static (_, _) => string.Empty);
        }
        finally
        {
            stamp.Current = null;
        }
    }
}
