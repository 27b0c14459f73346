namespace RolloutTrace.GenAI.Live;

/// <summary>What is done with spans of others beside recording them.</summary>
internal sealed record LiveSpanOptions
{
    /// <summary>Whether they are told to which rollout they belong.</summary>
    public bool SetsAttributes { get; init; } = true;

    /// <summary>Whether content stays on them.</summary>
    public bool KeepsContent { get; init; } = true;

    /// <summary>Where the recordings go of which this is told: what happens in rollouts of handles that go elsewhere is not its matter. Null for anywhere.</summary>
    public string? Destination { get; init; }

    public GenAIThreadOptions Threads { get; init; } = new();

    /// <summary>Attributes of the provider's resource.</summary>
    public Func<IReadOnlyList<SpanTag>> Resource { get; init; } = static () => [];

    /// <summary>Whether spans of a source are of interest from their start on.</summary>
    public Func<string, bool> IsKnownSource { get; init; } = static _ => false;

    /// <summary>Is told of a request of which nothing that was said is known, with the name of its source.</summary>
    public Action<string> ContentIsMissing { get; init; } = static _ => { };

    /// <summary>Is told of a span that was not read, since more came than could be read, with the name of its source.</summary>
    public Action<string> IsGivenUp { get; init; } = static _ => { };

    /// <summary>Is told of what went wrong with a span.</summary>
    public Action<Exception> Contain { get; init; } = static _ => { };
}
