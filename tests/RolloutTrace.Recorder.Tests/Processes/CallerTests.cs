using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>A process that is called says in its bundles by whom; one that goes on says from which bundle.</summary>
public sealed class CallerTests
{
    private const string Environment =
        "export TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 TRACESTATE=vendor=1 BAGGAGE=user=ada,rollout.caller=rollout-0/thread-0/tool-0";

    private static readonly CallerReference Caller = new()
    {
        RolloutId = "rollout-0",
        ThreadId = "thread-0",
        ToolCallId = "tool-0",
        Otel = new SpanReference { TraceId = "0af7651916cd43dd8448eb211c80319c", SpanId = "b7ad6b7169203331" },
    };

    [Theory]
    [InlineData(null)]
    [InlineData("ambient")]
    public void The_first_session_without_a_span_around_it_has_the_caller_of_the_process(string? argument)
    {
        using var target = new TargetProcess("called", argument, shell: Environment);

        target.WaitForExit().ShouldBe(0, target.Errors);

        var callers = Manifests(target.Root).OrderBy(manifest => manifest.RootThreadId, StringComparer.Ordinal).Select(manifest => manifest.Caller).ToList();
        callers.ShouldBe(argument is null ? [Caller, null] : [null, Caller]);
        target.Said("left").Select(words => words[0]).ShouldBe(["TRACEPARENT=", "TRACESTATE=", "BAGGAGE=user=ada"]);
    }

    [Fact]
    public void A_session_that_goes_on_names_the_bundle_before()
    {
        using var target = new TargetProcess("resume");

        target.WaitForExit().ShouldBe(0, target.Errors);

        var manifests = Manifests(target.Root);
        manifests.ShouldAllBe(manifest => manifest.RolloutId == "thread-1" && manifest.RootThreadId == "thread-1");
        manifests.Select(manifest => manifest.ResumedFrom?.TraceId).ShouldBe([null, manifests[0].TraceId, manifests[1].TraceId]);
    }

    private static IReadOnlyList<BundleManifest> Manifests(string root) =>
        [.. Directory.GetDirectories(root).Order(StringComparer.Ordinal).Select(bundle => BundleReader.Open(bundle).Manifest)];
}
