using RolloutTrace.GenAI;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Records the rollouts of other libraries' spans where those of handles are recorded.</summary>
internal sealed class GenAIRolloutOpener(RolloutRecorder recorder) : IGenAIRolloutOpener
{
    public void Open(Rollout rollout, string recordingId, DateTimeOffset startedAt) => recorder.Attach(rollout, startedAt);

    // The end of the rollout closes the bundle.
    public void Close(Rollout rollout)
    {
    }
}
