using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests.Wire;

/// <summary>Records what went over the wire, as a program does that takes both sides of it, and reads it back.</summary>
internal sealed class WireRecording : IDisposable
{
    private readonly string root = Path.Join(Path.GetTempPath(), $"rollout-trace-wire-{Guid.NewGuid():N}");
    private readonly string threadId = Guid.CreateVersion7().ToString();

    /// <summary>Records requests with their responses; the rollout, which has no defects.</summary>
    public OpenRollout Of(params IEnumerable<(string Request, string Response)> exchanges)
    {
        using (Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = root;
                options.Filter = rollout => rollout.RootThreadId == threadId;
            })
            .Build())
        {
            using var session = RolloutTracing.StartSession(new() { ThreadId = threadId });
            using var turn = session.StartTurn();
            foreach (var (sent, came) in exchanges)
            {
                using var request = turn.StartModelRequest("m", JsonPayload.OfJson(sent));
                request.Complete(null, null, JsonPayload.OfJson(came));
            }

            turn.Complete();
            session.Complete();
        }

        var rollout = OpenRollout.Open(BundleReader.Open(Directory.GetDirectories(root).ShouldHaveSingleItem()));
        rollout.Diagnostics.ShouldBeEmpty();
        return rollout;
    }

    /// <summary>The requests, in the order in which they were sent.</summary>
    public static IReadOnlyList<InferenceCall> Requests(OpenRollout rollout) => [.. rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq)];

    /// <summary>Everything that was said, each as role and text.</summary>
    public static IReadOnlyList<string> Said(OpenRollout rollout) =>
        [.. Transcript.OfThread(rollout, rollout.Graph.Threads.Values.Single()).Entries.Select(entry => $"{entry.Item.Role.ToString().ToLowerInvariant()}: {entry.Text}")];

    /// <summary>Tokens of a request: in, cached, out, of these reasoning.</summary>
    public static (long?, long?, long?, long?) Used(InferenceCall call) => (call.Usage?.InputTokens, call.Usage?.CachedInputTokens, call.Usage?.OutputTokens, call.Usage?.ReasoningOutputTokens);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
