using System.Diagnostics;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

/// <summary>
/// A source of spans for one test alone, a listener to it that does what a recorder does, and all that it got: tests that run at
/// the same time do not see each other's spans.
/// </summary>
internal sealed class TracedRollout : IDisposable
{
    private readonly ActivityListener listener;
    private readonly Lock sync = new();
    private readonly List<Activity> spans = [];

    /// <param name="sampling">What the listener answers.</param>
    /// <param name="records">Whether it records, or only listens.</param>
    public TracedRollout(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded, bool records = true)
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, Source),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                SeenBySampler.Add((options.Name, options.Tags?.Select(t => t.Key).ToList() ?? []));
                return sampling;
            },
            ActivityStarted = span => OnStart(span, records),
            ActivityStopped = span => RolloutBoundary.Of(span)?.RecordUnfinishedEnd(),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public ActivitySource Source { get; } = new("RolloutTrace.Tests");

    public ManualTimeProvider Clock { get; } = new();

    public InMemoryRecording Recording { get; } = new();

    /// <summary>Name and attributes of each span as a sampler saw them.</summary>
    public List<(string Name, List<string> Attributes)> SeenBySampler { get; } = [];

    /// <summary>The spans in the order in which they started.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (sync)
            {
                return [.. spans];
            }
        }
    }

    /// <summary>All that was seen, as text.</summary>
    public string Print() => $"{Recording.Print(SpanPrinter.Labels(Spans))}\n{SpanPrinter.Print(Spans)}";

    public Activity Span(string name) => Spans.Where(s => s.DisplayName == name).ShouldHaveSingleItem();

    /// <summary>A root session with fixed ids.</summary>
    public AgentSession StartSession(AgentSessionOptions options = default) => RolloutTracing.StartSession(Source, new AgentSessionOptions
    {
        ThreadId = "root",
        Model = "gpt-5",
        ProviderName = "openai",
        WorkingDirectory = "/w",
        TraceScope = options.TraceScope,
        CaptureMessageContent = options.CaptureMessageContent ?? false,
        ContentLimit = options.ContentLimit,
        Endpoint = options.Endpoint,
        ContentBaseUri = options.ContentBaseUri,
        TimeProvider = Clock,
    });

    /// <summary>A turn with a fixed id in a root session.</summary>
    public Turn StartTurn(AgentSessionOptions options = default) => StartSession(options).StartTurn(new() { TurnId = "turn-1" });

    public void Dispose()
    {
        listener.Dispose();
        Source.Dispose();
    }

    private void OnStart(Activity span, bool records)
    {
        lock (sync)
        {
            spans.Add(span);
        }

        if (records && RolloutBoundary.Of(span) is { } boundary)
        {
            if (boundary.StartsRollout)
            {
                boundary.Rollout.TryAttach("memory", _ => Recording);
            }

            boundary.RecordStart();
        }
    }
}
