using System.Diagnostics;
using OpenTelemetry;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Sees rollout spans start and end, on the threads where it happens, and has what they stand for recorded. The SDK lets what
/// a processor throws reach the observed program, so this is where everything is contained.
/// </summary>
internal sealed class RolloutProcessor : BaseProcessor<Activity>
{
    private const int AWhileMilliseconds = 10_000;

    private readonly RolloutRecorder recorder;
    private readonly RecorderReports reports;
    private readonly ActivityListener listener;
    private readonly OutgoingSpanListener outgoing;
    private readonly IncomingSpanListener incoming = new();
    private readonly GenAISpanListener? foreign;
    private readonly long began = Environment.TickCount64;

    public RolloutProcessor(RolloutRecorder recorder, RolloutTracingOptions options, RecorderReports reports)
    {
        this.recorder = recorder;
        this.reports = reports;

        // A sampler decides what is exported. Rollout spans have to exist, and have their data, in any case; without being
        // marked as recorded they reach processors but no exporter.
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RolloutActivitySource.Name,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };

        ActivitySource.AddActivityListener(listener);
        recorder.Lost = reports.EventsLost;
        recorder.Resource = () => ParentProvider?.GetResource();
        outgoing = new OutgoingSpanListener(recorder);
        if (options.GenAISpans.Enabled)
        {
            foreign = new GenAISpanListener(recorder, options, reports, () => ParentProvider?.GetResource());
            recorder.Ending = foreign.Complete;
            recorder.Flushing = () => foreign.Flush(recorder.ExitMilliseconds);
        }
    }

    public override void OnStart(Activity data)
    {
        try
        {
            if (RolloutBoundary.OfStarting(data) is { } boundary)
            {
                if (boundary.StartsRollout)
                {
                    recorder.Attach(boundary.Rollout);
                }

                ReceivedBaggage.Forget();

                boundary.RecordStart();
            }
            else
            {
                outgoing.Started(data);
                incoming.Started(data);
                foreign?.Started(data);
            }
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(OnStart), e);
        }
    }

    public override void OnEnd(Activity data)
    {
        try
        {
            if (RolloutBoundary.Of(data) is { } boundary)
            {
                boundary.RecordUnfinishedEnd();
            }
            else if (foreign is not null)
            {
                foreign.Stopped(data);
            }
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(OnEnd), e);
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var began = Environment.TickCount64;
        var isRead = foreign?.Flush(timeoutMilliseconds) ?? true;
        return recorder.Flush(RolloutRecorder.Left(timeoutMilliseconds, began)) && isRead;
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        recorder.EndUnattended();
        listener.Dispose();
        outgoing.Dispose();
        incoming.Dispose();
        foreign?.Complete();
        if (foreign is { Seen: 0 } && !recorder.HasAttached && Environment.TickCount64 - began >= AWhileMilliseconds)
        {
            reports.NothingRecorded(foreign.LooksFor);
        }

        // The processors of a provider share the limit, and those behind may have spans to send. What is not on disk by then is
        // waited for when the provider is disposed of.
        return recorder.Shutdown(timeoutMilliseconds < 0 ? timeoutMilliseconds : timeoutMilliseconds / 2);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            listener.Dispose();
            outgoing.Dispose();
            incoming.Dispose();
            foreign?.Dispose();
            recorder.Dispose();
        }

        base.Dispose(disposing);
    }
}
