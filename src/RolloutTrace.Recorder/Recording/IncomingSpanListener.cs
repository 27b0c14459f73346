using System.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Has ASP.NET Core make the span of a request that comes with a caller's trace context, which it does by itself only where somebody logs or
/// traces it: an agent in the request is known to its caller by it. Requests of nobody in particular stay as they are.
/// </summary>
internal sealed class IncomingSpanListener : IDisposable
{
    private const string WebSource = "Microsoft.AspNetCore";

    private readonly ActivityListener listener;
    private volatile bool isProviders;

    public IncomingSpanListener()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == WebSource,
            Sample = Sample,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>A span of the provider has started that is no boundary of ours.</summary>
    public void Started(Activity activity)
    {
        if (!isProviders && activity.Source.Name == WebSource)
        {
            isProviders = true;
        }
    }

    public void Dispose() => listener.Dispose();

    // Where the provider has not the source, the span says what the caller says: it is the one that ASP.NET Core makes where somebody logs.
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> creation)
    {
        if (isProviders || creation.Parent.SpanId == default)
        {
            return ActivitySamplingResult.None;
        }

        return creation.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData;
    }
}
