using System.Diagnostics;
using OpenTelemetry.Trace;

namespace RolloutTrace.Integration.Tests;

public sealed class LiveAndExportedTests
{
    public static TheoryData<string> Sessions => ["everything known", "nothing known", "a trace for each turn", "inside a request"];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void The_bundle_gives_the_spans_that_were_sent(string kind)
    {
        using var pipeline = new Pipeline();
        Run(pipeline, kind, withContent: false);

        pipeline.Spans.ShouldBeMadeAgainFrom(pipeline.Bundle);
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void The_bundle_gives_the_content_that_was_sent(string kind)
    {
        using var pipeline = new Pipeline();
        Run(pipeline, kind, withContent: true);

        pipeline.Spans.ShouldBeMadeAgainFrom(pipeline.Bundle, withContent: true);
    }

    private static void Run(Pipeline pipeline, string kind, bool withContent)
    {
        using var source = new ActivitySource("web");
        using var listener = new ActivityListener { ShouldListenTo = candidate => ReferenceEquals(candidate, source), Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        var session = pipeline.StartSession(kind == "nothing known"
            ? new() { CaptureMessageContent = withContent }
            : new()
            {
                AgentName = "Ada's agent",
                AgentRole = "lead",
                Model = "gpt-5",
                ProviderName = "openai",
                CaptureMessageContent = withContent,
                TraceScope = kind == "a trace for each turn" ? TraceScope.Turn : TraceScope.Ambient,
            });
        using (kind == "inside a request" ? source.StartActivity("GET /chat") : null)
        {
            EveryEnding.Run(session);
        }

        pipeline.ShutDown();
    }
}
