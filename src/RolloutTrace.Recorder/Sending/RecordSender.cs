using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Sending;

/// <summary>
/// Sends raw events and their payloads as log records: the manifest of a bundle first, a payload before the event that names it. What no receiver
/// takes is lost and counted, and what comes later is sent all the same. Used by one thread.
/// </summary>
internal sealed class RecordSender : IDisposable
{
    // Receivers take 4 MiB by default, the least of them.
    private const int MaxBatchBytes = 3 << 20;
    private const int RecordBytes = 1024;

    private readonly BaseExporter<LogRecord> exporter;
    private readonly TimeProvider clock;
    private readonly List<RolloutBundle> touched = [];
    private readonly List<OutgoingRecord> batch = [];
    private LogPipe? pipe;
    private long bytes;
    private bool isTorn;
    private long events;

    public RecordSender(BaseExporter<LogRecord> exporter, TimeProvider clock)
    {
        this.exporter = exporter;
        this.clock = clock;
    }

    /// <summary>The resource of what is sent, asked for when the first record is.</summary>
    public Func<Resource?> Resource { get; set; } = static () => null;

    /// <summary>Whether what no receiver takes is given up.</summary>
    public Func<bool> IsGivenUp { get; set; } = static () => false;

    /// <summary>Is told how many events were sent.</summary>
    public Action<long> Sent { get; set; } = static _ => { };

    /// <summary>Is told how many events no receiver has taken, and of which bundle, for one of them.</summary>
    public Action<RolloutBundle, long> Lost { get; set; } = static (_, _) => { };

    /// <summary>Adds an event, with its payload. It may be sent at once, or with the next <see cref="Flush"/>.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="rawEvent">The event.</param>
    /// <param name="path">Where its payload is in the bundle; null if it has none.</param>
    /// <param name="payload">The payload. It is needed until the next <see cref="Flush"/> has returned.</param>
    /// <exception cref="InvalidOperationException">The event cannot be written.</exception>
    public void Add(RolloutBundle bundle, BundleManifest manifest, RawEvent rawEvent, string? path, ReadOnlyMemory<byte> payload)
    {
        var name = bundle.SentName ??= BundleName.Of(manifest);
        var record = RecordForm.OfEvent(name, rawEvent);
        if (!bundle.IsManifestSent)
        {
            Put(bundle, RecordForm.OfManifest(name, manifest));
            bundle.IsManifestSent = true;
        }

        if (path is not null)
        {
            foreach (var chunk in RecordForm.OfPayload(name, manifest.RolloutId, path, payload, Now()))
            {
                Put(bundle, chunk);
            }
        }

        Put(bundle, record);
        events++;
    }

    /// <summary>Sends what was added, and waits until it is taken or given up.</summary>
    public void Flush()
    {
        Send();
        if (events == 0)
        {
            return;
        }

        if (isTorn)
        {
            Lost(touched[0], events);

            // Without it there would be none, whatever else arrives.
            touched.ForEach(static bundle => bundle.IsManifestSent = false);
        }
        else
        {
            Sent(events);
        }

        (events, isTorn) = (0, false);
        touched.Clear();
    }

    public void Dispose()
    {
        if (pipe is not null)
        {
            pipe.Dispose();
        }
        else
        {
            exporter.Dispose();
        }
    }

    private void Put(RolloutBundle bundle, OutgoingRecord record)
    {
        var size = RecordBytes + (long)System.Text.Encoding.UTF8.GetByteCount(record.Body);
        if (batch.Count == LogPipe.MaxBatch || (batch.Count > 0 && bytes + size > MaxBatchBytes))
        {
            Send();
        }

        if (touched.Count == 0 || touched[^1] != bundle)
        {
            touched.Add(bundle);
        }

        batch.Add(record);
        bytes += size;
    }

    // A clock of the program's may throw.
    private DateTime Now()
    {
        try
        {
            return clock.GetUtcNow().UtcDateTime;
        }
        catch (Exception)
        {
            return TimeProvider.System.GetUtcNow().UtcDateTime;
        }
    }

    private void Send()
    {
        if (batch.Count > 0)
        {
            pipe ??= new LogPipe(exporter, Resource() ?? OpenTelemetry.Resources.Resource.Empty);
            isTorn |= !pipe.Send(batch, IsGivenUp);
        }

        batch.Clear();
        bytes = 0;
    }
}
