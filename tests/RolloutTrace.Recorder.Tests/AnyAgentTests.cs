using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Whatever an agent does, its rollout reduces strictly: readers refuse the whole of a rollout over one event that does not fit.</summary>
public sealed class AnyAgentTests
{
    [Fact]
    public void With_all_of_its_payloads() => ShouldReduce(_ => { });

    [Fact]
    public void Without_the_content_of_any_payload() => ShouldReduce(options => options.Redact = _ => default);

    private static void ShouldReduce(Action<RolloutTracingOptions> configure)
    {
        using var recorder = new RecorderFixture(configure);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ListOf().Resize(80).ToArbitrary(), steps =>
        {
            var session = recorder.StartSession();
            new AnyAgent().Run(session, steps);
            recorder.Flush();

            var bundle = Path.Join(recorder.Root, session.BundleName);
            var result = Should.NotThrow(() => RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }));
            result.Diagnostics.ShouldBeEmpty();
            RolloutInvariants.Check(result.Graph).ShouldBeEmpty();
        }).ShouldHold(200);
    }
}
