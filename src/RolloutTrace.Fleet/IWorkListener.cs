namespace RolloutTrace.Fleet;

/// <summary>Is told what a worker does. It must not throw.</summary>
public interface IWorkListener
{
    /// <summary>A rollout was tried.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="took">How long it took.</param>
    void OnTried(WorkOutcome outcome, TimeSpan took);

    /// <summary>A message went to the dead letters.</summary>
    /// <param name="key">The rollout's key; null if it names none.</param>
    /// <param name="reason">Why, in a word.</param>
    /// <param name="detail">Why, in words.</param>
    void OnDead(string? key, string reason, string detail);

    /// <summary>The queue cannot be reached just now, or does not do what is asked; it is asked again.</summary>
    /// <param name="problem">What is wrong, in words.</param>
    void OnTrouble(string problem);
}
