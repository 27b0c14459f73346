namespace RolloutTrace.Analysis.Comparing;

/// <summary>A difference whose consequences are still being counted.</summary>
internal sealed class OpenDifference(RolloutDifference difference)
{
    private int consequences;

    /// <summary>The difference with all that followed so far.</summary>
    public RolloutDifference Counted => difference with { Consequences = consequences };

    /// <summary>Something differs because of it.</summary>
    /// <param name="places">How many requests and responses.</param>
    public void Causes(int places) => consequences += places;
}
