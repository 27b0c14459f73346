namespace RolloutTrace.GenAI;

/// <summary>Says where rollouts are recorded that spans of others turn out to be.</summary>
public interface IGenAIRolloutOpener
{
    /// <summary>A rollout begins: recordings may be attached to it (<see cref="Rollout.TryAttach"/>), none or several.</summary>
    /// <param name="rollout">The rollout. Its ids follow from its spans.</param>
    /// <param name="recordingId">An identity for a recording, a UUID that follows from the spans as well.</param>
    /// <param name="startedAt">When the first span of the rollout started.</param>
    void Open(Rollout rollout, string recordingId, DateTimeOffset startedAt);

    /// <summary>A rollout has ended, or nothing more is known of it: its recordings are complete.</summary>
    /// <param name="rollout">The rollout.</param>
    void Close(Rollout rollout);
}
