using System.Diagnostics;

namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of a source.</summary>
/// <param name="source">The source.</param>
/// <param name="isKnown">Whether its name is one of those that are looked for.</param>
internal sealed class SourceInterest(ActivitySource source, bool isKnown)
{
    /// <summary>Whose spans are HTTP requests of the runtime's client.</summary>
    public const string HttpName = "System.Net.Http";

    private volatile bool isTelling = isKnown;
    private volatile bool isHeard;
    private volatile bool isProviders;

    public ActivitySource Source { get; } = source;

    public bool IsKnown { get; } = isKnown;

    public bool IsHttp { get; } = source.Name == HttpName;

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
