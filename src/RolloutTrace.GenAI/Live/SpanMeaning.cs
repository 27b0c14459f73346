namespace RolloutTrace.GenAI.Live;

/// <summary>What a span may mean in a rollout, as far as the names of its attributes tell.</summary>
internal enum SpanMeaning
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An HTTP request that a client makes.</summary>
    Http,

    /// <summary>Something that agents, models or tools do.</summary>
    Work,
}
