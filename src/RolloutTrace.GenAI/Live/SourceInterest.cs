using System.Diagnostics;

namespace RolloutTrace.GenAI.Live;

/// <summary>What is known of a source.</summary>
internal sealed class SourceInterest
{
    /// <summary>Whose spans are HTTP requests of the runtime's client.</summary>
    public const string HttpName = "System.Net.Http";

    private readonly Action tells;
    private volatile bool isTelling;
    private volatile bool isHeard;
    private volatile bool isProviders;

    /// <param name="source">The source.</param>
    /// <param name="isKnown">Whether its name is one of those that are looked for.</param>
    /// <param name="tells">Is called once its spans matter from their start on.</param>
    public SourceInterest(ActivitySource source, bool isKnown, Action tells)
    {
        this.tells = tells;
        Source = source;
        IsKnown = isKnown;
        IsHttp = source.Name == HttpName;
        if (isKnown)
        {
            IsTelling = true;
        }
    }

    public ActivitySource Source { get; }

    public bool IsKnown { get; }

    public bool IsHttp { get; }

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
        set
        {
            isTelling = value;
            if (value)
            {
                tells();
            }
        }
    }
}
