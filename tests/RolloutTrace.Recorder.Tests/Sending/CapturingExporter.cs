using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Logs;
using RolloutTrace.Records;

namespace RolloutTrace.Recorder.Tests.Sending;

/// <summary>A log exporter that keeps what it is given, and fails when a test says so.</summary>
internal sealed class CapturingExporter : BaseExporter<LogRecord>
{
    private int attempts;

    /// <summary>What it took, in order.</summary>
    public ConcurrentQueue<(string Name, string Bundle, BundleRecord Record)> Taken { get; } = new();

    /// <summary>Number of records, and bytes of bodies, of each batch that it was given.</summary>
    public ConcurrentQueue<(int Records, long Bytes)> Batches { get; } = new();

    /// <summary>What to do at an attempt, from 1 on: true to take the batch.</summary>
    public Func<int, bool> Answer { get; set; } = static _ => true;

    public bool IsShutDown { get; private set; }

    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var records = new List<(string, string, BundleRecord)>();
        long bytes = 0;
        foreach (var log in batch)
        {
            log.CategoryName.ShouldBe("RolloutTrace");
            bytes += Encoding.UTF8.GetByteCount(log.Body!);
            var record = FieldsOf(log).ToRecord(out var refused).ShouldNotBeNull(refused);
            records.Add((log.EventId.Name!, record.Bundle, record));
        }

        Batches.Enqueue((records.Count, bytes));
        if (!Answer(Interlocked.Increment(ref attempts)))
        {
            return ExportResult.Failure;
        }

        records.ForEach(Taken.Enqueue);
        return ExportResult.Success;
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        IsShutDown = true;
        return true;
    }

    private static LogRecordFields FieldsOf(LogRecord log)
    {
        var fields = new LogRecordFields { EventName = log.EventId.Name };
        fields.SetBody(log.Body!);
        foreach (var (name, value) in log.Attributes!)
        {
            if (value is long or int)
            {
                fields.Add(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            }
            else
            {
                fields.Add(name, value.ShouldBeOfType<string>());
            }
        }

        return fields;
    }
}
