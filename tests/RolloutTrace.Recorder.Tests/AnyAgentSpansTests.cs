using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Whatever an agent does, the spans that are made from its bundle are those that the process had, but for what is named as a difference.</summary>
public sealed class AnyAgentSpansTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_bundle_gives_the_spans_of_the_process(bool withContent)
    {
        var spans = new Started();
        using var recorder = new RecorderFixture(pipeline: builder => builder.AddProcessor(spans));
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ListOf().Resize(120).ToArbitrary(), steps =>
        {
            var session = recorder.StartSession(new() { CaptureMessageContent = withContent });
            new AnyAgent().Run(session, steps);
            recorder.Flush();

            spans.Take(session.ThreadId).OfAnyAgentShouldBeMadeAgainFrom(Path.Join(recorder.Root, session.BundleName), withContent);
        }).ShouldHold(100);
    }

    private sealed class Started : BaseProcessor<Activity>
    {
        private readonly Lock sync = new();
        private List<Activity> all = [];

        public override void OnStart(Activity data)
        {
            lock (sync)
            {
                all.Add(data);
            }
        }

        /// <summary>The spans of a rollout so far. Nobody else's are kept.</summary>
        public List<Activity> Take(string rolloutId)
        {
            lock (sync)
            {
                var ofRollout = all.FindAll(span => Equals(span.GetTagItem(RolloutAttributes.Id), rolloutId));
                all = [];
                return ofRollout;
            }
        }
    }
}
