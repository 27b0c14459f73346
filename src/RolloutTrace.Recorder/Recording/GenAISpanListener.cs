using System.Diagnostics;
using OpenTelemetry.Resources;
using RolloutTrace.GenAI;
using RolloutTrace.GenAI.Live;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Sees the spans of other libraries start and end. Those of known sources come by a listener of its own, which asks for all data,
/// so that a sampler or a forgotten source costs nothing, and which is called before any processor of the provider; the others come
/// by the provider. Nothing that goes wrong here reaches the program.
/// </summary>
internal sealed class GenAISpanListener : IDisposable
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromMinutes(1);

    private readonly RolloutRecorder recorder;
    private readonly RecorderReports reports;
    private readonly SourcePatterns patterns;
    private readonly GenAISpanOptions options;
    private readonly TimeProvider clock;
    private readonly Func<Activity, bool>? filter;
    private readonly LiveSpans spans;
    private readonly ActivityListener listener;
    private readonly ITimer? timer;
    private readonly Func<Resource?> resourceOf;
    private IReadOnlyList<SpanTag>? resource;
    private int isComplete;
    private int isEndingIdle;

    /// <param name="recorder">Records the rollouts.</param>
    /// <param name="options">Its options.</param>
    /// <param name="reports">Says what a user should know.</param>
    /// <param name="resourceOf">Gives the provider's resource, as soon as it has one.</param>
    public GenAISpanListener(RolloutRecorder recorder, RolloutTracingOptions options, RecorderReports reports, Func<Resource?> resourceOf)
    {
        this.resourceOf = resourceOf;
        this.recorder = recorder;
        this.reports = reports;
        this.options = options.GenAISpans;
        clock = options.TimeProvider;
        filter = options.SpanFilter;
        patterns = new SourcePatterns(this.options.Sources);
        var live = new LiveSpanOptions
        {
            SetsAttributes = this.options.SetRolloutAttributes,
            KeepsContent = this.options.KeepContentOnSpans,
            Destination = recorder.Root,
            Threads = new GenAIThreadOptions { MaxThreads = this.options.MaxThreads, Memory = this.options.ThreadMemory },
            Resource = ResourceTags,
            IsKnownSource = patterns.Matches,
            ContentIsMissing = reports.ContentIsMissing,
            IsGivenUp = recorder.GaveUpSpan,
            Contain = e => recorder.Contain(nameof(LiveSpans), e),
        };
        spans = new LiveSpans(live, new GenAIRolloutOpener(recorder));
        listener = new ActivityListener
        {
            ShouldListenTo = ListensTo,
            Sample = Sample,
            ActivityStarted = activity => OnStarted(activity, spans.InterestOf(activity.Source), isOffered: false),
            ActivityStopped = activity => OnStopped(activity, spans.InterestOf(activity.Source)),
        };
        ActivitySource.AddActivityListener(listener);
        timer = StartTimer();
    }

    /// <summary>The names that are looked for.</summary>
    public string LooksFor => patterns.Text;

    /// <summary>How many spans have meant something.</summary>
    public long Seen => spans.Seen;

    /// <summary>A span of the provider has started, which is no handle's.</summary>
    public void Started(Activity activity)
    {
        var interest = spans.InterestOf(activity.Source);
        if (!interest.IsProviders)
        {
            interest.IsProviders = true;
            reports.SawSource(activity.Source.Name);
        }

        if (!IsHeardAnyway(interest))
        {
            OnStarted(activity, interest, isOffered: true);
        }
    }

    /// <summary>A span of the provider has ended.</summary>
    public void Stopped(Activity activity)
    {
        var interest = spans.InterestOf(activity.Source);
        if (!IsHeardAnyway(interest))
        {
            OnStopped(activity, interest);
        }
    }

    /// <summary>All spans that were seen before are recorded.</summary>
    /// <param name="milliseconds">How long it may take; -1 for as long as it takes.</param>
    /// <returns>Whether they are.</returns>
    public bool Flush(int milliseconds)
    {
        try
        {
            return spans.Flush(milliseconds);
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(Flush), e);
            return false;
        }
    }

    /// <summary>No more spans come: what is open is recorded as far as it is known.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref isComplete, 1) != 0)
        {
            return;
        }

        try
        {
            listener.Dispose();
            timer?.Dispose();
            spans.Complete(recorder.ExitMilliseconds);
            spans.Dispose();
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(Complete), e);
        }
    }

    public void Dispose() => Complete();

    private bool ListensTo(ActivitySource source)
    {
        if (source.Name == SourceInterest.HttpName || patterns.Matches(source.Name))
        {
            return true;
        }

        reports.FoundSource(source.Name);
        return false;
    }

    // All data, so that a span exists and can be read. Whether it counts as recorded is the sampler's to say where the provider has the
    // source. Where it has not, the span passes on what the one above it says: what is below it is then exported as it was before.
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> creation)
    {
        try
        {
            var isHttp = creation.Source.Name == SourceInterest.HttpName;
            if (isHttp && (Activity.Current is not { } around || !spans.InterestOf(around.Source).IsTelling))
            {
                return ActivitySamplingResult.None;
            }

            var interest = spans.InterestOf(creation.Source);
            var passesOn = !interest.IsProviders && (isHttp || interest.IsHeard) && creation.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
            return passesOn ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.AllData;
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(Sample), e);
            return ActivitySamplingResult.None;
        }
    }

    // By the listener of its own.
    private static bool IsHeardAnyway(SourceInterest interest) => interest.IsKnown || interest.IsHttp;

    private void OnStarted(Activity activity, SourceInterest interest, bool isOffered)
    {
        try
        {
            if (!interest.IsHeard)
            {
                interest.IsHeard = true;
            }

            if (filter?.Invoke(activity) == false)
            {
                return;
            }

            // A handle may wait for this span, and this may be the first to see it.
            if ((isOffered || RolloutBoundary.OfStarting(activity) is null) && !RolloutBoundary.IsRecorded(activity))
            {
                spans.Started(activity, interest);
            }
            else
            {
                spans.HandleSeen(activity);
            }
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(GenAISpanListener), e);
        }
    }

    private void OnStopped(Activity activity, SourceInterest interest)
    {
        try
        {
            if (filter?.Invoke(activity) == false)
            {
                return;
            }

            if (!RolloutBoundary.IsRecorded(activity))
            {
                spans.Stopped(activity, interest);
            }
            else
            {
                // The provider may not have the source, and then nobody else tells the handle.
                RolloutBoundary.Of(activity)?.RecordUnfinishedEnd();
                spans.HandleSeen(activity);
            }
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(GenAISpanListener), e);
            StripAfterFailure(activity);
        }
    }

    // What was promised of content holds whatever else goes wrong.
    private void StripAfterFailure(Activity activity)
    {
        if (options.KeepContentOnSpans)
        {
            return;
        }

        try
        {
            ContentAttributes.Strip(activity);
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(ContentAttributes), e);
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private IReadOnlyList<SpanTag> ResourceTags() =>
        resource ?? (resourceOf() is { } known ? resource = [.. known.Attributes.Select(static attribute => new SpanTag(attribute.Key, attribute.Value))] : []);

    private ITimer? StartTimer()
    {
        try
        {
            var period = TimeSpan.FromTicks(Math.Clamp(options.IdleTime.Ticks / 4, TimeSpan.TicksPerSecond / 4, LongestPeriod.Ticks));
            using (ExecutionContext.SuppressFlow())
            {
                return clock.CreateTimer(static state => ((GenAISpanListener)state!).EndIdle(), this, period, period);
            }
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(TimeProvider), e);
            return null;
        }
    }

    // While one waits for what is read, the next has nothing to do: a hook that never returns costs one thread, not one each time.
    private void EndIdle()
    {
        if (Interlocked.Exchange(ref isEndingIdle, 1) != 0)
        {
            return;
        }

        try
        {
            spans.EndIdle(clock.GetUtcNow() - options.IdleTime);
        }
        catch (Exception e)
        {
            recorder.Contain(nameof(EndIdle), e);
        }
        finally
        {
            Volatile.Write(ref isEndingIdle, 0);
        }
    }
}
