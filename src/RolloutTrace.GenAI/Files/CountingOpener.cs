namespace RolloutTrace.GenAI.Files;

/// <summary>Counts the rollouts that are opened.</summary>
internal sealed class CountingOpener(IGenAIRolloutOpener inner) : IGenAIRolloutOpener
{
    public int Opened { get; private set; }

    public void Open(Rollout rollout, string recordingId, DateTimeOffset startedAt)
    {
        Opened++;
        inner.Open(rollout, recordingId, startedAt);
    }

    public void Close(Rollout rollout) => inner.Close(rollout);
}
