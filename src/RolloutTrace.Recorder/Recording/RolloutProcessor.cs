using System.Diagnostics;
using OpenTelemetry;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Sees rollout spans start and end, on the threads where it happens, and has what they stand for recorded. The SDK lets what
/// a processor throws reach the observed program, so this is where everything is contained.
/// </summary>
internal sealed class RolloutProcessor : BaseProcessor<Activity>
{
    private readonly RolloutRecorder recorder;
    private readonly ActivityListener listener;

    public RolloutProcessor(RolloutRecorder recorder)
    {
        this.recorder = recorder;

        // A sampler decides what is exported. Rollout spans have to exist, and have their data, in any case; without being
        // marked as recorded they reach processors but no exporter.
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RolloutActivitySource.Name,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
        };

        ActivitySource.AddActivityListener(listener);
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

                boundary.RecordStart();
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
            RolloutBoundary.Of(data)?.RecordUnfinishedEnd();
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(OnEnd), e);
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => recorder.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        recorder.EndUnattended();
        listener.Dispose();

        // The processors of a provider share the limit, and those behind may have spans to send. What is not on disk by then is
        // waited for when the provider is disposed of.
        return recorder.Shutdown(timeoutMilliseconds < 0 ? timeoutMilliseconds : timeoutMilliseconds / 2);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            listener.Dispose();
            recorder.Dispose();
        }

        base.Dispose(disposing);
    }
}
