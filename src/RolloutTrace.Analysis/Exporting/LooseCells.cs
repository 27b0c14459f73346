using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Puts the code cells together that the state has no object for, from what the log says of them.</summary>
internal sealed class LooseCells
{
    private readonly RolloutFacts facts;
    private readonly PayloadLookup payloads;
    private readonly List<LooseCell> cells = [];
    private readonly Dictionary<(string? ThreadId, string RuntimeId), int> named = [];
    private readonly Dictionary<string, int> bySpan = new(StringComparer.Ordinal);

    public LooseCells(RolloutGraph graph, RolloutFacts facts, PayloadLookup payloads)
    {
        this.facts = facts;
        this.payloads = payloads;
        foreach (var e in facts.LooseCellEvents)
        {
            Add(e);
        }

        // As a cell that the state has: a turn that did not complete ends what it leaves running.
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Cell.Execution.Status == ExecutionStatus.Running && graph.CodexTurns.TryGetValue(cells[i].Cell.CodexTurnId, out var turn))
            {
                cells[i] = EndedWith(cells[i], turn.Execution);
            }
        }
    }

    /// <summary>The cells, in the order in which they started.</summary>
    public IReadOnlyList<LooseCell> Cells => cells;

    /// <summary>The cell by its id; null if there is none, and of an id that is another cell's.</summary>
    public RecordedCodeCell? Named(string cellId) => cells.Find(loose => loose.IsNamed && loose.Cell.CodeCellId == cellId)?.Cell;

    private void Add(RawEvent raw)
    {
        switch (raw.Payload)
        {
            case CodeCellStartedEvent e:
                named.TryAdd((raw.ThreadId, e.RuntimeCellId), cells.Count);
                cells.Add(new LooseCell(Started(raw, e.ModelVisibleCallId, e.RuntimeCellId, e.SourceJs), IsNamed: true, Response: null));
                break;
            case CodeCellInitialResponseEvent e when named.TryGetValue((raw.ThreadId, e.RuntimeCellId), out var i):
                cells[i] = cells[i] with { Cell = cells[i].Cell with { RuntimeStatus = e.Status } };
                break;
            case CodeCellEndedEvent e when named.TryGetValue((raw.ThreadId, e.RuntimeCellId), out var i):
                cells[i] = Ended(cells[i], raw, e.Status, e.ResponsePayload);
                break;
            case ProtocolEventObservedEvent e when raw.Otel is { } span:
                AddBreadcrumb(raw, e, span.SpanId);
                break;
        }
    }

    private void AddBreadcrumb(RawEvent raw, ProtocolEventObservedEvent e, string spanId)
    {
        if (e.EventType == Breadcrumbs.CodeCellStarted)
        {
            if (payloads.Document(e.EventPayload, start => Started(raw, Text(start, "model_visible_call_id"), Text(start, "runtime_cell_id"), Text(start, "source_js"))) is { } cell
                && bySpan.TryAdd(spanId, cells.Count))
            {
                cells.Add(new LooseCell(cell, IsNamed: false, Response: null));
            }
        }
        else if (bySpan.TryGetValue(spanId, out var i))
        {
            cells[i] = e.EventType == Breadcrumbs.CodeCellEnded
                ? Ended(cells[i], raw, StatusOf(spanId), e.EventPayload)
                : cells[i] with { Cell = cells[i].Cell with { RuntimeStatus = CodeCellRuntimeStatus.Yielded } };
        }
    }

    private static string Text(JsonElement start, string member) => JsonText.MemberOrNull(start, member) ?? "";

    // A breadcrumb has no status; its span has.
    private CodeCellRuntimeStatus StatusOf(string spanId) =>
        facts.Spans.GetValueOrDefault(spanId)?.Attributes is { } carried && carried.TryGetValue(RolloutAttributes.CodeCell.Status, out var value)
            ? JsonText.OrNull(value) switch
            {
                "failed" => CodeCellRuntimeStatus.Failed,
                "terminated" => CodeCellRuntimeStatus.Terminated,
                _ => CodeCellRuntimeStatus.Completed,
            }
            : CodeCellRuntimeStatus.Completed;

    private static RecordedCodeCell Started(RawEvent raw, string callId, string runtimeId, string source) => new()
    {
        CodeCellId = ObjectIds.CodeCell(callId),
        ModelVisibleCallId = callId,
        ThreadId = raw.ThreadId ?? "",
        CodexTurnId = raw.CodexTurnId ?? "",
        SourceItemId = "",
        RuntimeCellId = runtimeId,
        Execution = new ExecutionWindow { StartedAtUnixMs = raw.WallTimeUnixMs, StartedSeq = raw.Seq, Status = ExecutionStatus.Running },
        RuntimeStatus = CodeCellRuntimeStatus.Starting,
        SourceJs = source,
        Otel = raw.Otel?.Reference,
    };

    private static LooseCell Ended(LooseCell loose, RawEvent raw, CodeCellRuntimeStatus status, PayloadReference? response) => loose with
    {
        Response = response,
        Cell = loose.Cell with
        {
            RuntimeStatus = status,
            Execution = loose.Cell.Execution with
            {
                EndedAtUnixMs = raw.WallTimeUnixMs,
                EndedSeq = raw.Seq,
                Status = status switch
                {
                    CodeCellRuntimeStatus.Completed => ExecutionStatus.Completed,
                    CodeCellRuntimeStatus.Failed => ExecutionStatus.Failed,
                    _ => ExecutionStatus.Cancelled,
                },
            },
        },
    };

    private static LooseCell EndedWith(LooseCell loose, ExecutionWindow turn) => turn.Status is ExecutionStatus.Running or ExecutionStatus.Completed ? loose : loose with
    {
        Cell = loose.Cell with
        {
            RuntimeStatus = turn.Status == ExecutionStatus.Failed ? CodeCellRuntimeStatus.Failed : CodeCellRuntimeStatus.Terminated,
            Execution = loose.Cell.Execution with
            {
                EndedAtUnixMs = turn.EndedAtUnixMs,
                EndedSeq = turn.EndedSeq,
                Status = turn.Status == ExecutionStatus.Failed ? ExecutionStatus.Failed : ExecutionStatus.Cancelled,
            },
        },
    };
}
