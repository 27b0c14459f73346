namespace RolloutTrace.GenAI.Reading;

/// <summary>What a span is in a rollout.</summary>
internal enum SpanRole
{
    /// <summary>Nothing: only a place on the way to a parent.</summary>
    None,

    /// <summary>An agent's turn.</summary>
    Agent,

    /// <summary>A workflow, which hands work to agents.</summary>
    Workflow,

    /// <summary>Something around requests and calls: a turn where no agent is.</summary>
    Wrapper,

    /// <summary>A request to a model.</summary>
    Chat,

    /// <summary>A call of a tool.</summary>
    Tool,

    /// <summary>An attempt to make a history shorter.</summary>
    Compaction,

    /// <summary>An HTTP request that a client makes.</summary>
    Http,
}
