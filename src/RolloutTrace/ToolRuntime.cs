using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>How the runtime carries out a tool call. It may outlive the call, as a command does that runs on in its terminal.</summary>
public abstract class ToolRuntime : RolloutHandle
{
    private readonly bool fits;

    private protected ToolRuntime(ToolCall tool, ToolRuntimeForm form)
        : base(tool.Rollout)
    {
        Tool = tool;
        fits = IsEnabled && tool.RuntimeEvents.Claim(form);
    }

    private protected ToolCall Tool { get; }

    internal ToolCall Call => Tool;

    internal override Turn? OwnTurn => Tool.Turn;

    private protected sealed override RolloutEventContext EventContext => new(Tool.Turn.Session.ThreadId, Tool.Turn.TurnId, Activity) { SpanAttributes = Carried };

    /// <summary>What the format calls the tool call in runtime payloads.</summary>
    private protected string CallId => Tool.ToolCallId;

    private protected string TurnId => Tool.Turn.TurnId;

    private protected abstract JsonPayload BeginPayload { get; }

    /// <summary>The runtime failed before there was anything that it could end with.</summary>
    /// <param name="error">What went wrong, in words; it goes into the bundle only.</param>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; for the span.</param>
    public void Fail(string error, string? errorType = null) => Fail(new Failure(error, errorType));

    /// <summary>The runtime failed by an exception before there was anything that it could end with.</summary>
    public void Fail(Exception exception)
    {
        if (IsEnabled)
        {
            Fail(new Failure(exception));
        }
    }

    /// <summary>The work was given up.</summary>
    public void Cancel(string reason)
    {
        if (TryEnd())
        {
            if (WantsTags)
            {
                Activity!.Set(RolloutAttributes.Cancel.Reason, reason);
            }

            Carry(RolloutAttributes.Cancel.Reason, reason);
            End(ExecutionStatus.Cancelled, FailurePayload(ExecutionStatus.Cancelled, reason ?? EventText.Unknown));
        }
    }

    /// <summary>The end payload of a runtime that has nothing to show but an error. The format has words of its own for the status, mostly.</summary>
    private protected abstract JsonPayload FailurePayload(ExecutionStatus status, string error);

    private protected sealed override void RecordStart() => Tool.Evidence.RuntimeStarted(this, fits, BeginPayload);

    private protected sealed override void RecordAborted() => RecordEnd(ExecutionStatus.Aborted, FailurePayload(ExecutionStatus.Aborted, "aborted"));

    /// <summary>The terminal's id as payloads may have it: null for one that is another agent's in this rollout. The span has it anyway.</summary>
    private protected string? OwnTerminal(string? terminalId)
    {
        terminalId = EventText.Id(terminalId);
        if (terminalId is null || Tool.Turn.Session.OwnsTerminal(terminalId))
        {
            return terminalId;
        }

        Carry(RolloutAttributes.Terminal.Id, terminalId);
        return null;
    }

    /// <summary>Creates the span below the tool call's and starts it; false if nobody wants it.</summary>
    private protected bool TryBegin(string name, ActivityKind kind, List<KeyValuePair<string, object?>> tags)
    {
        if (CurrentSpan.Create(Rollout.Source, name, kind, Tool.SpanContext, tags) is not { } activity)
        {
            return false;
        }

        Attach(activity);
        SetContent();
        Begin();
        return true;
    }

    private protected void End(ExecutionStatus status, in JsonPayload payload, in Failure failure = default)
    {
        if (status == ExecutionStatus.Failed)
        {
            Carry(failure);
        }

        RecordEnd(status, payload);
        Finish(status, failure);
    }

    /// <summary>Puts content on the span before it starts, where spans hold content.</summary>
    private protected virtual void SetContent()
    {
    }

    /// <summary>The attributes that the span of every runtime has.</summary>
    private protected static List<KeyValuePair<string, object?>> Tags(ToolCall tool)
    {
        var tags = tool.Turn.CommonTags();
        tags.Add(RolloutAttributes.Tool.Name, tool.Label);
        return tags;
    }

    private void Fail(in Failure failure)
    {
        if (TryEnd())
        {
            End(ExecutionStatus.Failed, FailurePayload(ExecutionStatus.Failed, failure.WordsOrUnknown), failure);
        }
    }

    private void RecordEnd(ExecutionStatus status, in JsonPayload payload)
    {
        if (Rollout.IsRecorded)
        {
            if (!fits)
            {
                // A breadcrumb has no status of its own.
                Carry(RolloutAttributes.Status, StatusName.Of(status));
            }

            Tool.Evidence.RuntimeEnded(this, fits, status, payload);
        }
    }
}
