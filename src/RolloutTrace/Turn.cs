using System.Collections.Concurrent;
using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Callers;
using RolloutTrace.Content;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>
/// One activation of an agent. Its span is a child of the one that is current when it starts; else, if a tool call of another agent brought the
/// turn about by a spawn, a task or a message, of that call's span; else it has no parent in the rollout's trace. <see cref="TraceScope"/> says more.
/// </summary>
public sealed class Turn : RolloutHandle
{
    private readonly TokenCounter tokens = new();
    private int hasRequests;
    private CallerReference? caller;

    // The results of this turn by the edge that each makes; null while it has none.
    private ConcurrentDictionary<string, string>? results;

    private Turn()
        : base(Rollout.Disabled)
    {
        Session = AgentSession.Disabled;
        TurnId = string.Empty;
    }

    private Turn(AgentSession session, string turnId, string? model)
        : base(session.Rollout)
    {
        Session = session;
        TurnId = turnId;
        Model = model;
    }

    /// <summary>Id of the turn, unique in the rollout. Empty if nobody listens.</summary>
    public string TurnId { get; }

    /// <summary>The session of the agent.</summary>
    public AgentSession Session { get; }

    internal static Turn Disabled { get; } = new();

    internal string? Model { get; }

    internal string ModelOrUnknown => Model ?? Session.ModelOrUnknown;

    private protected override RolloutEventContext EventContext => new(Session.ThreadId, TurnId, Activity) { SpanAttributes = Carried };

    /// <summary>A model request, one attempt, goes out. A further attempt is a request of its own.</summary>
    /// <param name="model">The model asked for; null for the turn's.</param>
    /// <param name="request">
    /// The request as sent; not empty. It may be one of the Responses API (<c>input</c>), Chat Completions or Anthropic's Messages API
    /// (<c>messages</c>), Gemini (<c>contents</c>), or messages with parts as OpenTelemetry has them, which may be the whole document. Of
    /// any other, readers know that it was made and no more.
    /// </param>
    /// <param name="options">What else is known.</param>
    public ModelRequest StartModelRequest(string? model, in JsonPayload request, in ModelRequestOptions options = default) =>
        IsEnabled ? ModelRequest.Start(this, EventText.NameOrNull(model) ?? ModelOrUnknown, request, options) : ModelRequest.Disabled;

    /// <summary>
    /// A tool call is dispatched. A custom call of the code-mode tool <c>exec</c> is no tool call: use
    /// <see cref="StartCodeCell"/>; here it gives a handle that does nothing.
    /// </summary>
    public ToolCall StartToolCall(in ToolCallOptions options) => IsEnabled ? ToolCall.Start(this, cell: null, options) : ToolCall.Disabled;

    /// <summary>Model-written code is accepted for execution.</summary>
    public CodeCell StartCodeCell(in CodeCellOptions options) => IsEnabled ? CodeCell.Start(this, options) : CodeCell.Disabled;

    /// <summary>The history is going to be compacted.</summary>
    /// <param name="options">What is known of it.</param>
    public Compaction StartCompaction(in CompactionOptions options = default) =>
        IsEnabled ? Compaction.Start(this, EventText.NameOrNull(options.Model) ?? ModelOrUnknown, options) : Compaction.Disabled;

    /// <summary>Records a breadcrumb from the protocol between agent and client.</summary>
    /// <param name="eventType">The protocol's name of the event.</param>
    /// <param name="payload">The event.</param>
    public void ProtocolEventObserved(string eventType, in JsonPayload payload) => RecordProtocolEvent(eventType, payload);

    /// <summary>The turn ended as intended.</summary>
    public void Complete() => End(ExecutionStatus.Completed);

    /// <summary>The turn ended by an error.</summary>
    /// <param name="errorType">A code of low cardinality, such as an exception's type; not a message.</param>
    public void Fail(string? errorType = null) => End(ExecutionStatus.Failed, new Failure(errorType));

    /// <summary>The turn ended by an exception.</summary>
    public void Fail(Exception exception) => End(ExecutionStatus.Failed, new Failure(exception));

    /// <summary>The turn was cancelled by whoever asked for it.</summary>
    public void Cancel() => End(ExecutionStatus.Cancelled);

    /// <summary>The turn was ended from outside before it was done. Disposing it does the same.</summary>
    public void Abort() => Dispose();

    internal static Turn Start(AgentSession session, in TurnOptions options)
    {
        var turn = new Turn(session, GivenIds.Take(session.Rollout.Ids.Turns, options.TurnId) ?? session.NewId(), EventText.NameOrNull(options.Model) ?? session.Model);
        var tags = session.OperationTags(turn.TurnId, "invoke_agent");
        tags.Add(RolloutAttributes.GenAI.ProviderName, session.ProviderName);
        tags.Add(RolloutAttributes.GenAI.RequestModel, turn.Model);

        var cause = session.TurnCause.Take();
        turn.caller = CallerOf(session, options);
        if (options.Span is { } span)
        {
            turn.Adopt(span, tags);
            turn.AddLink(LinkKind.Session, session.SpanContext);
            turn.Begin();
            return turn;
        }

        if (options.Caller is { HasSpan: true } given)
        {
            cause = given.Context;
        }

        var ambient = session.TraceScope == TraceScope.Ambient && options.Caller is not { HasSpan: true } ? CurrentSpan.Ambient(session.Rollout) : null;
        var parent = ambient?.Context ?? (session.TraceScope == TraceScope.Turn ? default : cause.SpanId != default ? cause : session.Rollout.Trace);
        var detached = ambient is null;
        if (CurrentSpan.Create(session.Rollout.Source, $"invoke_agent {session.AgentName}", ActivityKind.Internal, parent, tags, detached) is not { } activity)
        {
            return Disabled;
        }

        turn.Attach(activity);
        turn.AddLink(LinkKind.Session, session.SpanContext);
        if (turn.Model != session.Model)
        {
            turn.Carry(RolloutAttributes.GenAI.RequestModel, turn.Model);
        }

        turn.Begin(detached);
        return turn;
    }

    /// <summary>The attributes that every span of the turn has.</summary>
    internal List<KeyValuePair<string, object?>> CommonTags() => Session.CommonTags(TurnId);

    /// <summary>The attributes that every span of the turn has that stands for an operation of generative AI.</summary>
    internal List<KeyValuePair<string, object?>> OperationTags(string operation) => Session.OperationTags(TurnId, operation);

    internal void AddTokens(in TokenUsage usage) => tokens.Add(usage);

    /// <summary>Whether the request that asks is the turn's first one: what the user says is in it. It is so once.</summary>
    internal bool IsFirstRequest() => Interlocked.Exchange(ref hasRequests, 1) == 0;

    /// <summary>Says what the user said, or what the last answer was, with the payload that has it whole; not of a turn that has ended.</summary>
    internal void SetConversation(string attribute, ContentValue? value, string payloadAttribute, string? payload)
    {
        if (!HasEnded && value is not null && WantsTags)
        {
            SetContent(attribute, value);
            Activity!.Set(payloadAttribute, payload);
        }
    }

    /// <summary>The turn's result went to another agent. Returns whether it is the first time that the agent gets it.</summary>
    internal bool RecordResult(AgentSession recipient, string edgeId, string message, ExecutionStatus status, string? toolCallId)
    {
        var told = LazyInitializer.EnsureInitialized(ref results, static () => new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        var isFirst = told.TryAdd(edgeId, message);
        if (!Rollout.IsRecorded)
        {
            return isFirst;
        }

        var payload = new AgentResultPayload { ChildAgentPath = Session.AgentPath, Message = message, Status = AgentEndStatus.Of(status, message) };
        var document = JsonPayload.From(payload, PayloadJsonContext.Default.AgentResultPayload);
        if (!ReferenceEquals(recipient.Rollout, Rollout))
        {
            // The bundle has no such thread.
            RecordProtocolEvent("agent_result", document);
        }
        else if (isFirst)
        {
            RecordResult(recipient, edgeId, message, document, toolCallId);
        }
        else if (told[edgeId] != message)
        {
            // Told again it is the same result, as told first; what differs is kept beside it.
            RecordProtocolEvent("agent_result", document);
        }

        return isFirst;
    }

    private void RecordResult(AgentSession recipient, string edgeId, string message, in JsonPayload document, string? toolCallId) =>
        Record(
            PayloadKind.AgentResult,
            document,
            (Turn: this, Recipient: recipient.ThreadId, EdgeId: edgeId, Message: EventText.Of(message), ToolCallId: toolCallId),
            static (s, reference) => new AgentResultObservedEvent
            {
                EdgeId = s.EdgeId,
                ChildThreadId = s.Turn.Session.ThreadId,
                ChildCodexTurnId = s.Turn.TurnId,
                ParentThreadId = s.Recipient,
                Message = s.Message,
                CarriedPayload = reference,
                ToolCallId = s.ToolCallId,
            });

    private protected override void RecordStart() => Rollout.Record(
        EventContext with { ParentSpanId = ParentSpanId },
        new CodexTurnStartedEvent { CodexTurnId = TurnId, ThreadId = Session.ThreadId, Caller = caller });

    // The root is who is called; the agents below it get their work from it. What called the session is said once.
    private static CallerReference? CallerOf(AgentSession session, in TurnOptions options)
    {
        if (!session.StartsRollout || !session.Rollout.IsRecorded)
        {
            return null;
        }

        var isFirst = session.IsFirstTurn();
        var caller = (options.Caller ?? AmbientCaller.Find(options.Span ?? Activity.Current))?.ToReference();
        return isFirst && caller is { Otel: not null } && caller.Otel == session.Rollout.Caller?.Otel ? null : caller is { IsEmpty: false } ? caller : null;
    }

    private protected override void RecordAborted() => RecordEnd(ExecutionStatus.Aborted);

    private void End(ExecutionStatus status, in Failure failure = default)
    {
        if (TryEnd())
        {
            Carry(failure);
            RecordEnd(status);
            Finish(status, failure);
        }
    }

    private void RecordEnd(ExecutionStatus status)
    {
        if (WantsTags)
        {
            tokens.SetTags(Activity!);
        }

        if (Rollout.IsRecorded)
        {
            Record(new CodexTurnEndedEvent { CodexTurnId = TurnId, Status = status });
        }
    }
}
