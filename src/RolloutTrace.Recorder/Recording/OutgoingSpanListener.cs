using System.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Sees spans of other libraries leave the process below tool calls, so that whom they reach can be joined to the call. Those of HTTP exist
/// for it whether or not the provider has their source; the others are those that the provider listens to anyway.
/// </summary>
internal sealed class OutgoingSpanListener : IDisposable
{
    private const string HttpSource = "System.Net.Http";

    private readonly RolloutRecorder recorder;
    private readonly ActivityListener listener;
    private volatile bool isProviders;

    public OutgoingSpanListener(RolloutRecorder recorder)
    {
        this.recorder = recorder;
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == HttpSource,
            Sample = Sample,
            ActivityStarted = Note,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>A span of the provider has started that is no boundary of ours.</summary>
    public void Started(Activity activity)
    {
        if (activity.Kind is not (ActivityKind.Client or ActivityKind.Producer))
        {
            return;
        }

        if (!isProviders && activity.Source.Name == HttpSource)
        {
            isProviders = true;
        }

        Note(activity);
    }

    public void Dispose() => listener.Dispose();

    // Where the provider has not the source, whoever is called is told what the tool's span would have told: whether it is recorded.
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> creation)
    {
        if (Activity.Current is not { } around || !RolloutBoundary.IsBelowToolCall(around))
        {
            return ActivitySamplingResult.None;
        }

        return !isProviders && creation.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.AllData;
    }

    private void Note(Activity activity)
    {
        try
        {
            RolloutBoundary.NoteOutgoing(activity);
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(OutgoingSpanListener), e);
        }
    }
}
