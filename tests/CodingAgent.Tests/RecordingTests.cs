using OpenTelemetry.Trace;
using RolloutTrace.Reducer;

namespace CodingAgent.Tests;

/// <summary>The same task under other circumstances: what is recorded does not depend on them, nor what the agent does.</summary>
[Collection(Rollouts.Name)]
public sealed class RecordingTests(RecordedTask task)
{
    private const int Sessions = 32;

    private static readonly string[] Agents = ["/root", "/root/reviewer"];

    [Fact]
    public async Task A_sampler_that_drops_everything_leaves_an_equivalent_bundle()
    {
        using var recording = new Recording(new AlwaysOffSampler());
        var run = await TaskRun.RunAsync();
        recording.Stop();

        recording.Exported.ShouldBe(0);
        State(recording.Bundle(run)).ShouldBe(StatePrinter.Print(task.Graph));
    }

    [Fact]
    public async Task Sessions_at_the_same_time_have_a_sound_bundle_each()
    {
        using var recording = new Recording();
        var runs = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => Task.Run(() => TaskRun.RunAsync())));
        recording.Stop();

        runs.Select(r => r.BundleName).ShouldBeUnique();
        var expected = StatePrinter.Print(task.Graph);
        foreach (var run in runs)
        {
            State(recording.Bundle(run)).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Without_a_recorder_the_server_receives_the_same_bytes()
    {
        var run = await TaskRun.RunAsync();

        run.BundleName.ShouldBeNull();
        ShouldHaveReceivedTheSame(run);
    }

    [Fact]
    public async Task With_a_bundle_root_that_cannot_be_the_server_receives_the_same_bytes()
    {
        using var recording = new Recording(rootIsFile: true);
        var run = await TaskRun.RunAsync();
        recording.Stop();

        File.ReadAllText(recording.Root).ShouldBe("no directory");
        ShouldHaveReceivedTheSame(run);
    }

    private static string State(string bundle) => StatePrinter.Print(RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }).Graph);

    private void ShouldHaveReceivedTheSame(TaskRun run)
    {
        run.Received.Count.ShouldBe(task.Run.Received.Count);
        foreach (var agent in Agents)
        {
            run.ReceivedFrom(agent).Select(r => Convert.ToBase64String(r.Body)).ShouldBe(task.Run.ReceivedFrom(agent).Select(r => Convert.ToBase64String(r.Body)));
        }
    }
}
