using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

public class RecordingTests
{
    [Fact]
    public void A_rollout_is_in_its_bundle_when_the_provider_is_gone()
    {
        using var recorder = new RecorderFixture();
        using (var session = recorder.StartSession())
        {
            using var turn = session.StartTurn();
            using var request = turn.StartModelRequest("gpt-5", """{"input":[]}""");
            request.Complete("resp_1", usage: null, "[]");
            turn.Complete();
            session.Complete();
        }

        recorder.Provider.Dispose();

        RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload.GetType().Name).ShouldBe(
        [
            nameof(RolloutStartedEvent), nameof(ThreadStartedEvent), nameof(CodexTurnStartedEvent), nameof(InferenceStartedEvent),
            nameof(InferenceCompletedEvent), nameof(CodexTurnEndedEvent), nameof(ThreadEndedEvent), nameof(RolloutEndedEvent),
        ]);
        RecorderFixture.Reduce(recorder.Bundle);
    }
}
