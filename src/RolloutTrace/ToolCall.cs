using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// The dispatch of a tool call: what the caller asked for and got. How it was carried out is told by its runtime handles, and
/// for a tool that works on agents by what it did to them.
/// </summary>
public sealed class ToolCall : RolloutHandle
{
    private const string Function = "function";
    private const string FromCodeCell = "code_cell";

    private readonly CodeCell? cell;
    private readonly string? callId;
    private readonly string? codeModeRuntimeToolId;
    private readonly bool inputFits;
    private readonly string? arguments;
    private ToolInvocationPayload? invocation;
    private string? mcpCallId;
    private int continues;
    private long? ranUntil;

    private ToolCall()
        : base(Rollout.Disabled)
    {
        Turn = Turn.Disabled;
        ToolCallId = Label = string.Empty;
        Kind = ToolClassifier.Kind(string.Empty);
        RuntimeEvents = new ToolRuntimeEvents(Kind.Type, hasInvocation: false, hasMessage: false);
    }

    private ToolCall(Turn turn, CodeCell? cell, string? callId, string toolCallId, ToolCallKind kind, in ToolInput input, in ToolCallOptions options)
        : base(turn.Rollout)
    {
        Turn = turn;
        this.cell = cell;
        this.callId = callId;
        ToolCallId = toolCallId;
        Kind = kind;
        Label = LabelOf(options.Name, options.Namespace);
        codeModeRuntimeToolId = EventText.NameOrNull(options.CodeModeRuntimeToolId);
        invocation = new ToolInvocationPayload { ToolName = options.Name ?? EventText.Unknown, ToolNamespace = options.Namespace, Payload = input };
        inputFits = !Rollout.IsRecorded || (ToolInvocationShape.Fits(kind.Type, invocation.ToolName, input) && IsOwnTerminal(input));
        arguments = input.Type == ToolInputType.Function && kind.Type is ToolCallKindType.Other or ToolCallKindType.Mcp ? input.Text : null;
        RuntimeEvents = new ToolRuntimeEvents(kind.Type, hasInvocation: inputFits && !input.IsEmpty, ToolInvocationShape.HasMessage(kind.Type, input));
    }

    /// <summary>Id of the call, unique in the rollout. Empty if nobody listens.</summary>
    public string ToolCallId { get; }

    internal static ToolCall Disabled { get; } = new();

    internal Turn Turn { get; }

    internal override Turn? OwnTurn => Turn;

    internal ToolCallKind Kind { get; }

    /// <summary>The tool's name, with its namespace if it has one. Empty if nobody listens.</summary>
    internal string Label { get; }

    internal ToolRuntimeEvents RuntimeEvents { get; }

    /// <summary>Where what the tool does is recorded.</summary>
    internal ToolCallEvidence Evidence => new(this);

    internal RolloutEventContext Context => EventContext;

    private protected override RolloutEventContext EventContext => new(Turn.Session.ThreadId, Turn.TurnId, Activity)
    {
        SpanAttributes = Carried,
        WallTimeUnixMs = HasEnded ? ranUntil : null,
    };

    /// <summary>It has been carried out, now; what the caller gets of it is told later.</summary>
    internal void HasRun() => ranUntil = Rollout.Clock.NowMs();

    /// <summary>The runtime starts a command.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="options">What else is known.</param>
    public CommandRuntime StartCommand(ReadOnlySpan<string> command, string workingDirectory, in CommandOptions options = default) =>
        IsEnabled ? CommandRuntime.Start(this, command, workingDirectory, options) : CommandRuntime.Disabled;

    /// <summary>The runtime writes to the standard input of a command that runs in a terminal, or only looks at its output.</summary>
    /// <param name="terminalId">Id of the terminal.</param>
    /// <param name="input">What is written; may be empty.</param>
    public StdinRuntime StartStdinWrite(string terminalId, string input) =>
        IsEnabled ? StdinRuntime.Start(this, terminalId, input) : StdinRuntime.Disabled;

    /// <summary>The runtime applies a patch.</summary>
    /// <param name="changes">An object: what changes, by path.</param>
    /// <param name="autoApproved">Whether nobody was asked for leave.</param>
    public PatchRuntime StartPatch(in JsonPayload changes, bool autoApproved = true) =>
        IsEnabled ? PatchRuntime.Start(this, changes, autoApproved) : PatchRuntime.Disabled;

    /// <summary>The runtime calls a tool of an MCP server.</summary>
    /// <param name="arguments">The tool's arguments, an object.</param>
    /// <param name="options">Where it goes.</param>
    public McpRuntime StartMcpCall(in JsonPayload arguments, in McpCallOptions options = default) =>
        IsEnabled ? McpRuntime.Start(this, options.Server, options.Tool, arguments) : McpRuntime.Disabled;

    /// <summary>The runtime does other work.</summary>
    /// <param name="kind">A word for the work, such as <c>http</c>; part of the span's name.</param>
    /// <param name="details">What the runtime has to say at the start.</param>
    public WorkRuntime StartWork(string kind, in JsonPayload details = default) =>
        IsEnabled ? WorkRuntime.Start(this, kind, details) : WorkRuntime.Disabled;

    /// <summary>
    /// A request to an MCP server is about to go out: gives the call the id that joins it to the server's log.
    /// </summary>
    /// <param name="methodName">The protocol's method.</param>
    /// <param name="sessionId">Id of the protocol's session.</param>
    /// <returns>
    /// A UUID, the same for every request of the call, for the request's <c>_meta</c> under
    /// <see cref="RolloutAttributes.Mcp.CallId"/>; null when nobody listens.
    /// </returns>
    public string? AssignMcpCallId(string methodName = "tools/call", string? sessionId = null)
    {
        if (!IsEnabled)
        {
            return null;
        }

        var fresh = Turn.Session.NewId();
        if (Interlocked.CompareExchange(ref mcpCallId, fresh, comparand: null) is { } assigned)
        {
            return assigned;
        }

        if (WantsTags)
        {
            Activity!.Set(RolloutAttributes.Mcp.MethodName, methodName);
            Activity!.Set(RolloutAttributes.Mcp.SessionId, sessionId);
            Activity!.Set(RolloutAttributes.Mcp.CallId, fresh);
        }

        Carry(RolloutAttributes.Mcp.MethodName, methodName);
        Carry(RolloutAttributes.Mcp.SessionId, sessionId);
        Record(new McpToolCallCorrelationAssignedEvent { ToolCallId = ToolCallId, McpCallId = fresh });
        return fresh;
    }

    /// <summary>The tool sent an agent a message; the span of the agent's next model request, which carries it, links here.</summary>
    /// <param name="recipient">The agent.</param>
    /// <param name="message">The message, where it is not the member <c>message</c> of the tool's own arguments.</param>
    public void MessageSent(AgentSession recipient, string? message = null) =>
        Evidence.Told(AgentInteraction.Message, LinkKind.SendMessage, recipient, message);

    /// <summary>The tool gave an agent a task; the span of the agent's next model request, which carries it, links here.</summary>
    /// <param name="recipient">The agent.</param>
    /// <param name="message">The task, where it is not the member <c>message</c> of the tool's own arguments.</param>
    public void TaskAssigned(AgentSession recipient, string? message = null) =>
        Evidence.Told(AgentInteraction.Task, LinkKind.AssignAgentTask, recipient, message);

    /// <summary>The tool interrupted or closed an agent; the span of the agent's session, if it has not ended, links here.</summary>
    public void AgentClosed(AgentSession agent) => Evidence.Closed(agent);

    /// <summary>The caller has its result.</summary>
    /// <param name="result">
    /// For the model, the item that its next request has, such as a <c>function_call_output</c>; for the code of a cell, the value.
    /// A result that is text and no item is <see cref="JsonPayload.OfText"/>.
    /// </param>
    public void Complete(in JsonPayload result = default)
    {
        if (TryEnd())
        {
            RecordCompleted(result);
        }
    }

    // By itself, so that nothing is made ready for it where nobody listens.
    private void RecordCompleted(in JsonPayload result)
    {
        RecordEnd(ExecutionStatus.Completed, result, error: null);
        Finish(ExecutionStatus.Completed);
    }

    /// <summary>The call failed.</summary>
    /// <param name="error">What went wrong, in words; it goes into the bundle only, beside the result if there is one.</param>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; for the span.</param>
    /// <param name="result">What the caller got nevertheless, as for <see cref="Complete"/>.</param>
    public void Fail(string error, string? errorType = null, in JsonPayload result = default) => End(new Failure(error, errorType), result);

    /// <summary>The call failed by an exception.</summary>
    /// <param name="exception">The exception: its type for the span, type and message for the bundle.</param>
    /// <param name="result">What the caller got nevertheless, as for <see cref="Complete"/>.</param>
    public void Fail(Exception exception, in JsonPayload result = default)
    {
        if (IsEnabled)
        {
            End(new Failure(exception), result);
        }
    }

    /// <summary>The call was given up.</summary>
    /// <param name="reason">Why; for the span.</param>
    /// <param name="result">What the caller got nevertheless, as for <see cref="Complete"/>.</param>
    public void Cancel(string? reason = null, in JsonPayload result = default)
    {
        if (TryEnd())
        {
            if (WantsTags)
            {
                Activity!.Set(RolloutAttributes.Cancel.Reason, reason);
            }

            Carry(RolloutAttributes.Cancel.Reason, reason);
            RecordEnd(ExecutionStatus.Cancelled, result, error: null);
            Finish(ExecutionStatus.Cancelled);
        }
    }

    internal static ToolCall Start(Turn turn, CodeCell? cell, in ToolCallOptions options)
    {
        var input = (options.Input.IsEmpty && !options.Arguments.IsEmpty ? ToolInput.Function(options.Arguments) : options.Input).WithText();
        input = ToolInvocationShape.WithoutNegatives(options.Name, input);
        if (input.Type == ToolInputType.Custom && options.Name == ToolClassifier.CodeMode && string.IsNullOrEmpty(options.Namespace))
        {
            return Disabled;
        }

        var kind = options.Kind
            ?? (options.McpServer is { } server ? ToolCallKind.ForMcp(server, options.McpTool ?? options.Name) : ToolClassifier.Kind(options.Name ?? EventText.Unknown));

        // Some models use the ids of their calls again, and the format has each once.
        var callId = EventText.Id(options.CallId) is { } given && (!turn.Rollout.IsRecorded || turn.Rollout.CallIds.TryClaim(given)) ? given : null;
        var ids = turn.Rollout.Ids.ToolCalls;
        var toolCallId = GivenIds.Take(ids, options.ToolCallId) ?? GivenIds.Take(ids, callId) ?? turn.Session.NewId();
        var call = new ToolCall(turn, cell, callId, toolCallId, kind.Bounded(), input, options);
        var label = call.Label;
        if (options.Span is not null)
        {
            call.Adopt(options.Span, call.Tags(label, options));
        }
        else if (CurrentSpan.Create(turn.Rollout.Source, $"execute_tool {SpanTags.Cut(label)}", ActivityKind.Internal, (cell as RolloutHandle ?? turn).SpanContext, call.Tags(label, options)) is { } created)
        {
            call.Attach(created);
        }
        else
        {
            return Disabled;
        }

        call.SetBeyondEvents(options, input);
        call.SetContent(RolloutAttributes.GenAI.ToolCallArguments, call.Content?.OfInput(input));

        call.Begin();
        call.invocation = null;
        return call;
    }

    // What the event of the start has no member for, or does not tell for certain.
    private void SetBeyondEvents(in ToolCallOptions options, in ToolInput input)
    {
        if (options.Type is not (null or Function))
        {
            Carry(RolloutAttributes.GenAI.ToolType, options.Type);
        }

        if (cell is { IsNamed: false })
        {
            Carry(RolloutAttributes.Tool.Requester, FromCodeCell);
        }

        if (callId is null)
        {
            Carry(RolloutAttributes.GenAI.ToolCallId, options.CallId);
        }

        AddKnownLink(LinkKind.CausedBy, options.CausedBy?.SpanContext ?? default);
        AddKnownLink(LinkKind.WaitsFor, options.WaitsFor?.SpanContext ?? default);
        if (Kind.Type == ToolCallKindType.WriteStdin && PayloadPeek.Member(input.Text, ToolInvocationShape.TerminalId) is { } terminalId)
        {
            Continues(terminalId);
            if (!inputFits)
            {
                Carry(RolloutAttributes.Terminal.Id, terminalId);
            }
        }
    }

    /// <summary>The call is on a terminal that an earlier one created. Returns the earlier one; the default value if it is not known, or was said before.</summary>
    internal ActivityContext Continues(string terminalId)
    {
        ActivityContext creator = default;
        if (!HasEnded && Interlocked.Exchange(ref continues, 1) == 0)
        {
            if (WantsTags)
            {
                Activity!.Set(RolloutAttributes.Terminal.Id, terminalId);
            }

            // A call that writes to the terminal that it has created itself goes on with nothing.
            creator = Turn.Session.Terminals.CreatorOf(terminalId);
            creator = creator.SpanId == SpanContext.SpanId ? default : creator;
            AddKnownLink(LinkKind.Continues, creator);
        }

        return creator;
    }

    private protected override void RecordStart()
    {
        var payload = invocation!.Payload.IsEmpty ? default : JsonPayload.From(invocation, PayloadJsonContext.Default.ToolInvocationPayload);
        RecordStart(inputFits ? payload : default);
        if (!inputFits)
        {
            SetPath(RolloutAttributes.Payload.Invocation, RecordProtocolEvent(Breadcrumbs.ToolInvocation, payload));
        }
    }

    private void RecordStart(in JsonPayload payload)
    {
        // The event names the cell that asked, unless the cell is one that no event may name.
        var context = cell is { IsNamed: false } ? EventContext with { ParentSpanId = ParentSpanId } : EventContext;
        if (payload.IsEmpty)
        {
            Rollout.Record(context, Started(this, null));
        }
        else
        {
            SetPath(RolloutAttributes.Payload.Invocation, Rollout.Record(context, PayloadKind.ToolInvocation, payload, this, Started));
        }

        static RawEventPayload Started(ToolCall call, PayloadReference? reference) => new ToolCallStartedEvent
        {
            ToolCallId = call.ToolCallId,
            ModelVisibleCallId = call.callId,
            CodeModeRuntimeToolId = call.codeModeRuntimeToolId,
            Requester = call.cell is not { IsNamed: true } ? ToolRequester.Model : new CodeCellRequester { RuntimeCellId = call.cell.RuntimeCellId },
            Kind = call.Kind,
            Summary = new GenericSummary
            {
                Label = call.Label,
                InputPreview = ToolClassifier.Preview(call.invocation!.Payload.Head),
            },
            InvocationPayload = reference,
        };
    }

    private protected override void RecordAborted() => RecordEnd(ExecutionStatus.Aborted, result: default, error: null);

    private static string LabelOf(string? name, string? @namespace) => ToolClassifier.Label(EventText.Name(name), EventText.NameOrNull(@namespace));

    private bool IsOwnTerminal(in ToolInput input) =>
        Kind.Type != ToolCallKindType.WriteStdin
        || PayloadPeek.Member(input.Text, ToolInvocationShape.TerminalId) is not { } terminalId
        || Turn.Session.OwnsTerminal(terminalId);

    private List<KeyValuePair<string, object?>> Tags(string label, in ToolCallOptions options)
    {
        var tags = Turn.OperationTags("execute_tool");
        tags.Add(RolloutAttributes.GenAI.ToolName, label);
        tags.Add(RolloutAttributes.GenAI.ToolType, options.Type ?? Function);
        tags.Add(RolloutAttributes.GenAI.ToolCallId, options.CallId);
        tags.Add(RolloutAttributes.Tool.Id, ToolCallId);
        tags.Add(RolloutAttributes.Tool.Kind, WireEnum<ToolCallKindType>.Name(Kind.Type).Value);
        tags.Add(RolloutAttributes.Tool.Requester, cell is null ? "model" : FromCodeCell);
        return tags;
    }

    private void End(in Failure failure, in JsonPayload result)
    {
        if (TryEnd())
        {
            Carry(failure);
            RecordEnd(ExecutionStatus.Failed, result, result.IsEmpty ? failure.WordsOrUnknown : failure.Words);
            Finish(ExecutionStatus.Failed, failure);
        }
    }

    private void RecordEnd(ExecutionStatus status, in JsonPayload result, string? error)
    {
        SetContent(RolloutAttributes.GenAI.ToolCallResult, cell is null ? Content?.OfResult(result) : Content?.OfJson(result));
        if (Rollout.IsRecorded)
        {
            if (!RuntimeEvents.IsClaimed && mcpCallId is null && McpSpan.Of(Activity) is { } mcp)
            {
                mcpCallId = mcp.CallId;
                SetOwn(RolloutAttributes.Mcp.CallId, mcp.CallId);
                Evidence.McpCalled(mcp, status, arguments, result, error);
            }

            SetPath(RolloutAttributes.Payload.Result, Record(
                PayloadKind.ToolResult,
                ToolResultPayload.Of(result, error, toCode: cell is not null),
                (ToolCallId, Status: status),
                static (s, reference) => new ToolCallEndedEvent { ToolCallId = s.ToolCallId, Status = s.Status, ResultPayload = reference }));
        }
    }
}
