using System.Diagnostics;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace CodingAgent.Tests;

/// <summary>The agent against its own recording, with its real tools, helper and compaction: it does what it did, and from a given request on the live model goes on with it.</summary>
[Collection(Rollouts.Name)]
public sealed class ReplayedRunTests(RecordedTask task)
{
    [Fact]
    public async Task What_was_recorded_is_played_and_from_a_given_request_on_the_live_model_answers()
    {
        // Up to where the user interrupts: that is no doing of the model's, and so is in no answer.
        var interrupted = task.Graph.InferenceCalls.Values.Single(static call => call.Execution.Status == ExecutionStatus.Cancelled);
        using var recording = new Recording();
        var (run, told) = await RunAsync("--live", "URL", "--from", interrupted.InferenceCallId);
        recording.Stop();

        told.ShouldContain("from here on the live model answers");
        run.Received.Count.ShouldBeInRange(1, task.Run.Received.Count * 2 / 3);
        run.FixedScript.ShouldBe(task.Run.FixedScript);
        Differences(recording.Bundle(run)).ShouldAllBe(difference => difference.A.Seq >= interrupted.Execution.StartedSeq);
    }

    private async Task<(TaskRun Run, string Told)> RunAsync(params string[] options)
    {
        Process? server = null;
        try
        {
            var run = await TaskRun.RunAsync(settings =>
            {
                server = ServeProcess.Start(["replay", task.Bundle, .. options.Select(option => option == "URL" ? settings.Endpoint.Address.AbsoluteUri : option)]);
                return settings with { Endpoint = settings.Endpoint with { Address = new Uri(server.StandardOutput.ReadLine()!) } };
            });
            server!.Kill();
            return (run, await server.StandardError.ReadToEndAsync());
        }
        finally
        {
            server?.Dispose();
        }
    }

    private IReadOnlyList<RolloutDifference> Differences(string bundle) =>
        RolloutComparison.Of("A", OpenRollout.Open(BundleReader.Open(task.Bundle)), "B", OpenRollout.Open(BundleReader.Open(bundle))).Differences;
}
