namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of a source.</summary>
/// <param name="isKnown">Whether its name is one of those that are looked for.</param>
internal sealed class SourceInterest(bool isKnown)
{
    private volatile bool isTelling;
    private volatile bool isHeard;
    private volatile bool isProviders;

    public bool IsKnown { get; } = isKnown;

    /// <summary>Whether a span of it has started.</summary>
    public bool IsHeard
    {
        get => isHeard;
        set => isHeard = value;
    }

    /// <summary>Whether the provider has it too: then its sampler says what is exported.</summary>
    public bool IsProviders
    {
        get => isProviders;
        set => isProviders = value;
    }

    /// <summary>Whether its spans matter from their start on: those of a known source, and of one that has had such a span.</summary>
    public bool IsTelling
    {
        get => isTelling;
        set => isTelling = value;
    }
}
