using OpenTelemetry;
using OpenTelemetry.Resources;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Sending;

/// <summary>Sends records and writes nothing: the queue before it is all that waits for a receiver, and what does not fit there is given up.</summary>
internal sealed class OtlpBundleExporter : BaseExporter<RolloutRecord>, ISender
{
    // The program must not wait for a receiver, so there is always room for what happens next.
    private const int PartForWaiting = 2;

    private readonly RecordSender sender;
    private readonly long limit;
    private RolloutBundle? current;
    private RecorderHealth? health;

    public OtlpBundleExporter(RecordSender sender, RolloutTracingOptions options)
    {
        this.sender = sender;
        limit = options.QueueLimitBytes / PartForWaiting;
        sender.IsGivenUp = () => Backlog() > limit || current is { Recording.IsCut: true };
        sender.Sent = Sent;
        sender.Lost = Lost;
    }

    /// <inheritdoc/>
    public Func<long> Backlog { get; set; } = static () => 0;

    /// <inheritdoc/>
    public Func<Resource?> Resource
    {
        set => sender.Resource = value;
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<RolloutRecord> batch)
    {
        foreach (var record in batch)
        {
            current = record.Bundle;
            health = current.Recording.Health;
            if (current.Recording.IsCut)
            {
                current.Recording.CountLost(1);
                continue;
            }

            try
            {
                sender.Add(current, current.Manifest, record.Event, record.PayloadReference?.Path, record.Payload);
                current.Recording.Moved();
            }
            catch (Exception e)
            {
                current.Recording.Cut(StopCause.InternalError, e.GetType().FullName!);
                current.Recording.CountLost(1);
            }
        }

        sender.Flush();
        return ExportResult.Success;
    }

    /// <inheritdoc/>
    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        sender.Dispose();
        return true;
    }

    private void Sent(long events)
    {
        health?.EventsSent(events);
        current?.Recording.Moved();
    }

    // What is sent nowhere is recorded nowhere.
    private void Lost(RolloutBundle bundle, long events)
    {
        health?.EventsNotSent(bundle.Name, events);
        health?.Counters.EventNotRecorded(StopCause.NotSent, events);
    }
}
