using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Replay;

/// <summary>
/// Collects <see cref="RolloutFacts"/>. It is given events when all that they change is there to stay, and so has nothing to take back. Of
/// what is told twice the first counts.
/// </summary>
/// <param name="toolId">The id in the state of the tool call that an event is about: a tool's id may be used again.</param>
/// <param name="requestId">The same of a model request.</param>
internal sealed class FactTables(Func<string, string> toolId, Func<string, string> requestId)
{
    private readonly Dictionary<string, SpanFact> spans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PayloadReference> threadMetadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> toolLabels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PayloadReference> toolInvocations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> cancelReasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> requestErrors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PayloadReference> cellResponses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> compactionSeqs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string? ThreadId, string RuntimeCellId), string> cellIds = [];
    private readonly List<(string? CellId, RawEvent Raw)> cellEvents = [];
    private readonly List<RawEvent> runtimeEvents = [];
    private long? lastEventAtUnixMs;

    /// <summary>An event was read, whether or not it applies.</summary>
    public void See(RawEvent raw) => lastEventAtUnixMs = raw.WallTimeUnixMs;

    /// <summary>An event was applied.</summary>
    public void Add(RawEvent raw)
    {
        AddSpan(raw);
        switch (raw.Payload)
        {
            case ThreadStartedEvent { MetadataPayload: { } metadata } e:
                threadMetadata.TryAdd(e.ThreadId, metadata);
                break;
            case ToolCallStartedEvent { Summary: GenericSummary summary } e:
                toolLabels.TryAdd(toolId(e.ToolCallId), summary.Label);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.ToolInvocation } e when raw.Otel is not null:
                toolInvocations.TryAdd(raw.Otel.SpanId, e.EventPayload);
                break;
            case ToolCallRuntimeStartedEvent e:
                runtimeEvents.Add(toolId(e.ToolCallId) is var id && id == e.ToolCallId ? raw : raw with { Payload = e with { ToolCallId = id } });
                break;
            case ToolCallRuntimeEndedEvent e:
                runtimeEvents.Add(toolId(e.ToolCallId) is var endedId && endedId == e.ToolCallId ? raw : raw with { Payload = e with { ToolCallId = endedId } });
                break;
            case AgentResultObservedEvent:
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.ToolCallRuntimeStarted or Breadcrumbs.ToolCallRuntimeEnded }:
                runtimeEvents.Add(raw);
                break;
            case InferenceCancelledEvent e:
                cancelReasons.TryAdd(requestId(e.InferenceCallId), e.Reason);
                break;
            case InferenceFailedEvent e:
                requestErrors.TryAdd(requestId(e.InferenceCallId), e.Error);
                break;
            case CompactionRequestFailedEvent e:
                requestErrors.TryAdd(e.CompactionRequestId, e.Error);
                break;
            case CodeCellStartedEvent e:
                cellIds.TryAdd((raw.ThreadId, e.RuntimeCellId), ObjectIds.CodeCell(e.ModelVisibleCallId));
                AddOfCell(raw, e.RuntimeCellId, response: null);
                break;
            case CodeCellInitialResponseEvent e:
                AddOfCell(raw, e.RuntimeCellId, response: null);
                break;
            case CodeCellEndedEvent e:
                AddOfCell(raw, e.RuntimeCellId, e.ResponsePayload);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.CodeCellStarted or Breadcrumbs.CodeCellInitialResponse or Breadcrumbs.CodeCellEnded } when raw.Otel is not null:
                cellEvents.Add((null, raw));
                break;
            case CompactionInstalledEvent e:
                compactionSeqs.TryAdd(e.CompactionId, raw.Seq);
                break;
        }
    }

    /// <summary>What was collected, and what the state knows that it has no member for.</summary>
    public RolloutFacts ToFacts(ReplayState state) => new()
    {
        LastEventAtUnixMs = lastEventAtUnixMs,
        Spans = spans,
        ThreadMetadata = threadMetadata,
        ToolLabels = toolLabels,
        ToolInvocations = toolInvocations,
        RuntimeEvents = runtimeEvents,
        CancelReasons = cancelReasons,
        RequestErrors = requestErrors,
        CellResponses = cellResponses,
        LooseCellEvents = [.. cellEvents.Where(e => e.CellId is null || !state.Cells.Contains(e.CellId)).Select(static e => e.Raw)],
        CompactionSeqs = compactionSeqs,
        UnknownRequests = state.UnknownRequests.ToDictionary(),
        UnknownResponses = state.UnknownResponses.ToDictionary(),
    };

    private void AddOfCell(RawEvent raw, string runtimeCellId, PayloadReference? response)
    {
        if (cellIds.TryGetValue((raw.ThreadId, runtimeCellId), out var cellId))
        {
            cellEvents.Add((cellId, raw));
            if (response is not null)
            {
                cellResponses.TryAdd(cellId, response);
            }
        }
    }

    private void AddSpan(RawEvent raw)
    {
        if (raw.Otel is not { } otel)
        {
            return;
        }

        var before = spans.GetValueOrDefault(otel.SpanId);
        var end = before?.EndedAtUnixMs is null ? EndOf(raw.Payload) : null;
        if (end is null && otel.Attributes is null && (otel.ParentSpanId is null || before?.ParentSpanId is not null))
        {
            return;
        }

        spans[otel.SpanId] = new SpanFact
        {
            ParentSpanId = before?.ParentSpanId ?? otel.ParentSpanId,
            Attributes = otel.Attributes ?? before?.Attributes,
            EndedAtUnixMs = end is null ? before?.EndedAtUnixMs : raw.WallTimeUnixMs,
            EndedSeq = end is null ? before?.EndedSeq : raw.Seq,
            Status = end ?? before?.Status ?? ExecutionStatus.Running,
        };
    }

    private static ExecutionStatus? EndOf(RawEventPayload payload) => payload switch
    {
        InferenceCompletedEvent => ExecutionStatus.Completed,
        InferenceFailedEvent => ExecutionStatus.Failed,
        InferenceCancelledEvent => ExecutionStatus.Cancelled,
        CodeCellEndedEvent { Status: CodeCellRuntimeStatus.Completed } => ExecutionStatus.Completed,
        CodeCellEndedEvent { Status: CodeCellRuntimeStatus.Failed } => ExecutionStatus.Failed,
        CodeCellEndedEvent { Status: CodeCellRuntimeStatus.Terminated } => ExecutionStatus.Cancelled,
        CodeCellEndedEvent => ExecutionStatus.Running,
        _ => null,
    };
}
