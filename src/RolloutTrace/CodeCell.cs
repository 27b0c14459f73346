using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// Model-written code in the code-mode runtime, from its acceptance to a terminal status. It may outlive the turn that
/// submitted it.
/// </summary>
public sealed class CodeCell : RolloutHandle
{
    private readonly string callId;
    private readonly string source;

    private CodeCell()
        : base(Rollout.Disabled)
    {
        Turn = Turn.Disabled;
        RuntimeCellId = callId = source = string.Empty;
    }

    private CodeCell(Turn turn, string runtimeCellId, in CodeCellOptions options)
        : base(turn.Rollout)
    {
        Turn = turn;
        RuntimeCellId = runtimeCellId;
        callId = EventText.Id(options.CallId) ?? runtimeCellId;
        source = options.Source ?? string.Empty;
        IsNamed = !Rollout.IsRecorded || (Rollout.CellCallIds.TryClaim(callId) && turn.Session.CellIds.TryClaim(runtimeCellId));
    }

    /// <summary>The runtime's handle of the cell.</summary>
    public string RuntimeCellId { get; }

    internal static CodeCell Disabled { get; } = new();

    internal Turn Turn { get; }

    internal override Turn? OwnTurn => Turn;

    /// <summary>
    /// Whether events may name the cell. In the format a call of the model has one cell, and so has each of the runtime's ids in a
    /// thread. A cell whose ids were used before is recorded in breadcrumbs.
    /// </summary>
    internal bool IsNamed { get; }

    private protected override RolloutEventContext EventContext => new(Turn.Session.ThreadId, Turn.TurnId, Activity) { SpanAttributes = Carried };

    /// <summary>The code calls a tool. The result goes to the code.</summary>
    public ToolCall StartToolCall(in ToolCallOptions options) => IsEnabled ? ToolCall.Start(Turn, this, options) : ToolCall.Disabled;

    /// <summary>The cell gave an early answer and works on. It may do so several times.</summary>
    /// <param name="response">The answer.</param>
    public void Yielded(in JsonPayload response)
    {
        if (!IsEnabled || HasEnded)
        {
            return;
        }

        SetCellStatus(CodeCellRuntimeStatus.Yielded);
        RecordResponse(Breadcrumbs.CodeCellInitialResponse, response, this, static (cell, reference) => new CodeCellInitialResponseEvent
        {
            RuntimeCellId = cell.RuntimeCellId,
            Status = CodeCellRuntimeStatus.Yielded,
            ResponsePayload = reference,
        });
    }

    /// <summary>The code ran to its end.</summary>
    /// <param name="response">The last answer.</param>
    public void Complete(in JsonPayload response = default)
    {
        if (TryEnd())
        {
            RecordEnd(CodeCellRuntimeStatus.Completed, response);
            Finish(ExecutionStatus.Completed);
        }
    }

    /// <summary>The code ended by an error.</summary>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; not a message.</param>
    /// <param name="response">The last answer.</param>
    public void Fail(string? errorType = null, in JsonPayload response = default) => End(new Failure(errorType), response);

    /// <summary>The code ended by an exception.</summary>
    /// <param name="exception">The exception, of which the span has the type.</param>
    /// <param name="response">The last answer.</param>
    public void Fail(Exception exception, in JsonPayload response = default) => End(new Failure(exception), response);

    /// <summary>The cell was ended because someone asked for it.</summary>
    /// <param name="response">The last answer.</param>
    public void Terminate(in JsonPayload response = default)
    {
        if (TryEnd())
        {
            RecordEnd(CodeCellRuntimeStatus.Terminated, response);
            Finish(ExecutionStatus.Cancelled);
        }
    }

    internal static CodeCell Start(Turn turn, in CodeCellOptions options)
    {
        var cell = new CodeCell(turn, EventText.Id(options.RuntimeCellId) ?? turn.Session.NewId(), options);
        var tags = turn.OperationTags("execute_tool");
        tags.Add(RolloutAttributes.GenAI.ToolName, ToolClassifier.CodeMode);
        tags.Add(RolloutAttributes.GenAI.ToolCallId, cell.callId);
        tags.Add(RolloutAttributes.CodeCell.Id, ObjectIds.CodeCell(cell.callId));
        tags.Add(RolloutAttributes.CodeCell.RuntimeId, cell.RuntimeCellId);
        if (CurrentSpan.Create(turn.Rollout.Source, $"execute_tool {ToolClassifier.CodeMode}", ActivityKind.Internal, turn.SpanContext, tags) is not { } activity)
        {
            return Disabled;
        }

        cell.Attach(activity);
        cell.AddKnownLink(LinkKind.CausedBy, options.CausedBy?.SpanContext ?? default);
        cell.SetCellStatus(CodeCellRuntimeStatus.Starting);
        cell.SetContent(RolloutAttributes.GenAI.ToolCallArguments, cell.Content?.OfText(cell.source));

        cell.Begin();
        return cell;
    }

    private protected override void RecordStart()
    {
        if (IsNamed)
        {
            Record(new CodeCellStartedEvent { RuntimeCellId = RuntimeCellId, ModelVisibleCallId = callId, SourceJs = EventText.Of(source) });
        }
        else
        {
            var payload = new CellStartPayload { RuntimeCellId = RuntimeCellId, ModelVisibleCallId = callId, SourceJs = source };
            RecordProtocolEvent(Breadcrumbs.CodeCellStarted, JsonPayload.From(payload, PayloadJsonContext.Default.CellStartPayload));
        }
    }

    // The runtime's statuses have none for an aborted cell; it is as if someone had asked for its end.
    private protected override void RecordAborted()
    {
        Carry(RolloutAttributes.Status, StatusName.Of(ExecutionStatus.Aborted));
        RecordEnd(CodeCellRuntimeStatus.Terminated, response: default);
    }

    private void End(in Failure failure, in JsonPayload response)
    {
        if (TryEnd())
        {
            Carry(failure);
            RecordEnd(CodeCellRuntimeStatus.Failed, response);
            Finish(ExecutionStatus.Failed, failure);
        }
    }

    private void RecordEnd(CodeCellRuntimeStatus status, in JsonPayload response)
    {
        SetCellStatus(status);
        SetContent(RolloutAttributes.GenAI.ToolCallResult, Content?.OfResult(response));

        if (!IsNamed)
        {
            Carry(RolloutAttributes.CodeCell.Status, StatusName.Of(status));
        }

        SetPath(RolloutAttributes.Payload.Result, RecordResponse(Breadcrumbs.CodeCellEnded, response, (Cell: this, Status: status), static (s, reference) => new CodeCellEndedEvent
        {
            RuntimeCellId = s.Cell.RuntimeCellId,
            Status = s.Status,
            ResponsePayload = reference,
        }));
    }

    private PayloadReference? RecordResponse<TState>(string eventType, in JsonPayload response, TState state, Func<TState, PayloadReference?, RawEventPayload> create)
    {
        if (!IsNamed)
        {
            return RecordProtocolEvent(eventType, CellResponsePayload.Of(response));
        }

        return Rollout.IsRecorded ? Record(PayloadKind.ToolResult, CellResponsePayload.Of(response), state, create) : null;
    }

    private void SetCellStatus(CodeCellRuntimeStatus status)
    {
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.CodeCell.Status, StatusName.Of(status));
        }
    }
}
