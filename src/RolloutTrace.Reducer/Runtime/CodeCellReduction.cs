using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>
/// Code cells. A runtime starts executing before the response that asked for it is complete, so what it reports of
/// a cell is queued until the model's own item for the cell has been seen.
/// </summary>
internal sealed class CodeCellReduction(ReplayState state, Conversations conversations, Tolerance tolerance, EventPlaces places) : IItemObserver
{
    private readonly JournaledTable<ThreadLocalId, string> cellOfHandle = new(state.Journal);
    private readonly JournaledTable<string, QueuedCell> queued = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, QueuedCell> ready = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, IdList> toolsOfCell = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, IdList> cellsOfTurn = new(state.Journal, StringComparer.Ordinal);

    public void ItemSighted(ConversationItem item, bool isNew)
    {
        if (item.CallId is null)
        {
            return;
        }

        var cellId = IdOf(item.CallId);
        if (item.Kind == ConversationItemKind.CustomToolCall && queued.Find(cellId) is { } cell && cell.ThreadId == item.ThreadId)
        {
            ready.Set(cellId, cell);
        }
        else if (item.Kind == ConversationItemKind.CustomToolCallOutput && state.Cells.Find(cellId) is { } known)
        {
            state.AddProducer(item.ItemId, new CodeCellProducer { CodeCellId = cellId });
            if (!known.OutputItemIds.Contains(item.ItemId))
            {
                state.Cells.Set(cellId, known with { OutputItemIds = known.OutputItemIds.Append(item.ItemId) });
            }
        }
    }

    public void Start(RawEvent raw, CodeCellStartedEvent e)
    {
        var cellId = IdOf(e.ModelVisibleCallId);
        var what = $"the start of {cellId}";
        var threadId = places.ThreadOf(raw, what);
        if (state.Cells.Contains(cellId) || queued.Contains(cellId))
        {
            throw ReductionFault.Contradiction($"{cellId} has started already");
        }

        if (cellOfHandle.Find(new ThreadLocalId(threadId, e.RuntimeCellId)) is { } other)
        {
            throw ReductionFault.Contradiction($"the runtime cell {e.RuntimeCellId} of thread {threadId} is both {other} and {cellId}");
        }

        cellOfHandle.Set(new ThreadLocalId(threadId, e.RuntimeCellId), cellId);
        var cell = new QueuedCell(threadId, raw, e, []);
        if (conversations.Of(threadId).ByCallId(ConversationItemKind.CustomToolCall).Contains(e.ModelVisibleCallId))
        {
            Create(cellId, cell);
        }
        else
        {
            queued.Set(cellId, cell);
        }
    }

    public void Respond(RawEvent raw, CodeCellInitialResponseEvent e) =>
        ApplyOrQueue(raw, e.RuntimeCellId, $"the initial response of runtime cell {e.RuntimeCellId}");

    public void End(RawEvent raw, CodeCellEndedEvent e) =>
        ApplyOrQueue(raw, e.RuntimeCellId, $"the end of runtime cell {e.RuntimeCellId}");

    // Starts the queued cells whose item has appeared, and applies what waited with them.
    public void EventSeen()
    {
        if (ready.Count == 0)
        {
            return;
        }

        foreach (var cell in ready.Values.OrderBy(static cell => IdOf(cell.Start.ModelVisibleCallId), StringComparer.Ordinal).ToArray())
        {
            var cellId = IdOf(cell.Start.ModelVisibleCallId);
            queued.Remove(cellId);
            ready.Remove(cellId);
            Create(cellId, cell);
            foreach (var later in cell.Later.OrderBy(static raw => raw.Seq))
            {
                Apply(later, cellId);
            }
        }
    }

    /// <summary>A turn that did not complete ends the cells that it leaves running.</summary>
    public void EndTurn(RawEvent raw, string turnId, ExecutionStatus turnStatus)
    {
        CodeCellRuntimeStatus? status = turnStatus switch
        {
            ExecutionStatus.Failed => CodeCellRuntimeStatus.Failed,
            ExecutionStatus.Cancelled or ExecutionStatus.Aborted => CodeCellRuntimeStatus.Terminated,
            _ => null,
        };
        foreach (var id in status is null ? IdList.Empty : cellsOfTurn.Find(turnId) ?? IdList.Empty)
        {
            var cell = state.Cells[id];
            if (cell.Execution.Status == ExecutionStatus.Running)
            {
                state.Cells.Set(id, Ended(cell, raw, status!.Value));
            }
        }
    }

    /// <summary>The cell that a thread's runtime knows by a handle. Of a handle that nothing is known of, it is the cell of that name.</summary>
    public string CellOf(string threadId, string handle, string what)
    {
        if (Handle(threadId, handle) is { } cellId)
        {
            return cellId;
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.StartMissing,
            FaultCode = DiagnosticCodes.Contradiction,
            What = $"{what} names the runtime cell {handle}, which thread {threadId} does not have",
            Kept = "the cell is named after it",
            Cause = $"runtime cell {handle} of {threadId}",
        });
        return IdOf(handle);
    }

    /// <summary>Code in a cell has called a tool.</summary>
    public void AddNestedTool(string cellId, string toolId)
    {
        toolsOfCell.Set(cellId, (toolsOfCell.Find(cellId) ?? IdList.Empty).Append(toolId));
        if (state.Cells.Find(cellId) is { } cell)
        {
            state.Cells.Set(cellId, cell with { NestedToolCallIds = cell.NestedToolCallIds.Append(toolId) });
        }
    }

    /// <summary>Links a tool call that waits for a cell. A cell that is still queued is not linked later.</summary>
    public void LinkWait(RecordedToolCall tool, PayloadDocument invocation)
    {
        if (PayloadDocument.TextOrNull(invocation.Root, "tool_name") != "wait")
        {
            return;
        }

        using var arguments = invocation.ParseText(PayloadDocument.Member(invocation.Root, "payload"), "arguments");
        var handle = arguments.RequiredString(arguments.Root, "cell_id");
        if (cellOfHandle.Find(new ThreadLocalId(tool.ThreadId, handle)) is { } cellId && state.Cells.Find(cellId) is { } cell)
        {
            state.Cells.Set(cellId, cell with { WaitToolCallIds = cell.WaitToolCallIds.Append(tool.ToolCallId) });
        }
    }

    private string? Handle(string threadId, string handle) => cellOfHandle.Find(new ThreadLocalId(threadId, handle));

    private static string IdOf(string modelVisibleCallId) => ObjectIds.CodeCell(modelVisibleCallId);

    private void Create(string cellId, QueuedCell cell)
    {
        var callId = cell.Start.ModelVisibleCallId;
        var conversation = conversations.Of(cell.ThreadId);
        var outputs = IdList.From((conversation.ByCallId(ConversationItemKind.CustomToolCallOutput).Find(callId) ?? IdList.Empty).Order(StringComparer.Ordinal));
        var turnId = places.TurnOf(cell.Raw, cell.Raw.CodexTurnId, cell.ThreadId, $"the start of {cellId}");
        state.Cells.Set(cellId, new RecordedCodeCell
        {
            CodeCellId = cellId,
            ModelVisibleCallId = callId,
            ThreadId = cell.ThreadId,
            CodexTurnId = turnId,
            SourceItemId = conversation.ByCallId(ConversationItemKind.CustomToolCall)[callId].Min(StringComparer.Ordinal)!,
            OutputItemIds = outputs,
            RuntimeCellId = cell.Start.RuntimeCellId,
            Execution = ExecutionWindow.StartedBy(cell.Raw),
            RuntimeStatus = CodeCellRuntimeStatus.Starting,
            SourceJs = cell.Start.SourceJs,
            NestedToolCallIds = IdList.From((toolsOfCell.Find(cellId) ?? IdList.Empty).Order(StringComparer.Ordinal)),
            Otel = cell.Raw.Otel?.Reference,
        });
        cellsOfTurn.Set(turnId, (cellsOfTurn.Find(turnId) ?? IdList.Empty).Append(cellId));
        foreach (var output in outputs)
        {
            state.AddProducer(output, new CodeCellProducer { CodeCellId = cellId });
        }
    }

    private void ApplyOrQueue(RawEvent raw, string handle, string what)
    {
        var threadId = places.ThreadOf(raw, what);
        var cellId = Handle(threadId, handle)
            ?? throw ReductionFault.Unknown($"{what} names the runtime cell {handle}, which thread {threadId} does not have", handle);
        if (queued.Find(cellId) is { } cell)
        {
            queued.Set(cellId, cell with { Later = [.. cell.Later, raw] });
        }
        else
        {
            Apply(raw, cellId);
        }
    }

    private void Apply(RawEvent raw, string cellId)
    {
        var cell = state.Cells[cellId];
        state.Cells.Set(cellId, raw.Payload switch
        {
            CodeCellInitialResponseEvent e => Responded(cell, raw, e.Status),
            CodeCellEndedEvent e => Ended(cell, raw, e.Status),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no event of a code cell"),
        });
    }

    private static RecordedCodeCell Responded(RecordedCodeCell cell, RawEvent raw, CodeCellRuntimeStatus status)
    {
        cell = WithInitialResponse(cell, raw) with { RuntimeStatus = status };
        return status == CodeCellRuntimeStatus.Yielded
            ? cell with { YieldedAtUnixMs = raw.WallTimeUnixMs, YieldedSeq = raw.Seq }
            : cell;
    }

    private static RecordedCodeCell Ended(RecordedCodeCell cell, RawEvent raw, CodeCellRuntimeStatus status) => WithInitialResponse(cell, raw) with
    {
        RuntimeStatus = status,
        Execution = cell.Execution.EndedBy(raw, status switch
        {
            CodeCellRuntimeStatus.Completed => ExecutionStatus.Completed,
            CodeCellRuntimeStatus.Failed => ExecutionStatus.Failed,
            CodeCellRuntimeStatus.Terminated => ExecutionStatus.Cancelled,
            _ => ExecutionStatus.Running,
        }),
    };

    private static RecordedCodeCell WithInitialResponse(RecordedCodeCell cell, RawEvent raw) => cell.InitialResponseSeq is null
        ? cell with { InitialResponseAtUnixMs = raw.WallTimeUnixMs, InitialResponseSeq = raw.Seq }
        : cell;

    /// <summary>What is known of a cell whose item has not been seen.</summary>
    private sealed record QueuedCell(string ThreadId, RawEvent Raw, CodeCellStartedEvent Start, IReadOnlyList<RawEvent> Later);
}
