using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>
/// What a log tells beyond the state, which has the members of the format and no others. Replay collects it on the way; an event
/// that the state refuses leaves nothing here but its time. Immutable; safe for concurrent use.
/// </summary>
public sealed record RolloutFacts
{
    /// <summary>What is known where there is only a state: nothing.</summary>
    public static RolloutFacts None { get; } = new();

    /// <summary>When the last event that could be read was recorded, in milliseconds since the Unix epoch; null if there is none.</summary>
    public long? LastEventAtUnixMs { get; init; }

    /// <summary>What the log says of each span, by the span's id.</summary>
    public IReadOnlyDictionary<string, SpanFact> Spans { get; init; } = new Dictionary<string, SpanFact>(StringComparer.Ordinal);

    /// <summary>The metadata that each thread started with, by the thread's id; none for a thread without.</summary>
    public IReadOnlyDictionary<string, PayloadReference> ThreadMetadata { get; init; } = new Dictionary<string, PayloadReference>(StringComparer.Ordinal);

    /// <summary>The label that each tool call started with, by the call's id; none for a call without.</summary>
    public IReadOnlyDictionary<string, string> ToolLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What tool calls started with where the start of a call has no room for it, by the id of the call's span.</summary>
    public IReadOnlyDictionary<string, PayloadReference> ToolInvocations { get; init; } = new Dictionary<string, PayloadReference>(StringComparer.Ordinal);

    /// <summary>
    /// The events of runtimes in causal order: starts and ends of what carried out a tool call
    /// (<see cref="ToolCallRuntimeStartedEvent"/>, <see cref="ToolCallRuntimeEndedEvent"/>, or the <see cref="Breadcrumbs"/> in their
    /// place), and results of agents as their parents got them (<see cref="AgentResultObservedEvent"/>).
    /// </summary>
    public IReadOnlyList<RawEvent> RuntimeEvents { get; init; } = [];

    /// <summary>Why model requests were cancelled, by the inference call's id.</summary>
    public IReadOnlyDictionary<string, string> CancelReasons { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What went wrong with model requests that failed, in words, by the id of the inference call or of the compaction's request.</summary>
    public IReadOnlyDictionary<string, string> RequestErrors { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The first response that a code cell ended with, by the cell's id; none for a cell that ended without.</summary>
    public IReadOnlyDictionary<string, PayloadReference> CellResponses { get; init; } = new Dictionary<string, PayloadReference>(StringComparer.Ordinal);

    /// <summary>
    /// The events of code cells that the state has no object for, in causal order: of cells whose call no request and no response has shown
    /// (<see cref="CodeCellStartedEvent"/>, <see cref="CodeCellInitialResponseEvent"/>, <see cref="CodeCellEndedEvent"/>), and of cells with
    /// a span whose ids another cell has (the <see cref="Breadcrumbs"/> in their place).
    /// </summary>
    public IReadOnlyList<RawEvent> LooseCellEvents { get; init; } = [];

    /// <summary>The sequence number at which each compaction was installed, by the compaction's id.</summary>
    public IReadOnlyDictionary<string, long> CompactionSeqs { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>
    /// The inference calls of which it is not known what the model was shown, with the cause, such as <c>replaced raw_payload:3</c>. The
    /// state has no items for them: that is not to say that there were none.
    /// </summary>
    public IReadOnlyDictionary<string, string> UnknownRequests { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The inference calls of which it is not known what the model answered, with the cause.</summary>
    public IReadOnlyDictionary<string, string> UnknownResponses { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
