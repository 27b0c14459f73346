using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace;

/// <summary>One attempt of a model request.</summary>
public sealed class ModelRequest : ModelAttempt
{
    // Readers refuse the whole rollout over a request that is nothing.
    private static readonly JsonPayload NoRequest = JsonPayload.OfJson($$"""{"input":[],"{{PayloadMarkerName.Error}}":"no request was given"}""");

    private readonly Turn turn;
    private readonly string model;
    private readonly string? providerName;
    private JsonPayload request;
    private RequestParameters parameters;
    private ContentValue? userInput;
    private ContentValue? answer;

    private ModelRequest()
        : base(Rollout.Disabled, string.Empty)
    {
        turn = Turn.Disabled;
        model = string.Empty;
    }

    private ModelRequest(Turn turn, string model, string? providerName, string requestId, in JsonPayload request)
        : base(turn.Rollout, requestId)
    {
        this.turn = turn;
        this.model = model;
        this.providerName = providerName;
        this.request = request;
    }

    internal static ModelRequest Disabled { get; } = new();

    internal override Turn? OwnTurn => turn;

    private protected override RolloutEventContext EventContext => new(turn.Session.ThreadId, turn.TurnId, Activity) { SpanAttributes = Carried };

    /// <inheritdoc/>
    public override void Complete(string? responseId, TokenUsage? usage, in JsonPayload outputItems, in ModelResponseDetails details = default)
    {
        if (TryEnd())
        {
            RecordCompleted(responseId, usage, outputItems, details);
        }
    }

    // By itself, so that nothing is made ready for it where nobody listens.
    private void RecordCompleted(string? responseId, TokenUsage? usage, in JsonPayload outputItems, in ModelResponseDetails details)
    {
        usage = usage?.Sound();
        responseId = SetResponse(responseId, usage, outputItems, details, isCompleted: true);
        if (Rollout.IsRecorded)
        {
            var payload = ModelSpan.ResponsePayload(responseId, details.UpstreamRequestId, usage, outputItems.Or("[]"));
            SetPayloadPath(Rollout.Record(
                EventContext,
                PayloadKind.InferenceResponse,
                payload,
                (RequestId, ResponseId: EventText.NameOrNull(responseId), UpstreamRequestId: EventText.NameOrNull(details.UpstreamRequestId)),
                static (s, reference) => new InferenceCompletedEvent
                {
                    InferenceCallId = s.RequestId,
                    ResponseId = s.ResponseId,
                    UpstreamRequestId = s.UpstreamRequestId,
                    ResponsePayload = reference,
                }));
        }

        Finish(ExecutionStatus.Completed);
    }

    private protected override void Fail(in Failure failure, in JsonPayload partialOutputItems, in ModelResponseDetails details)
    {
        if (!TryEnd())
        {
            return;
        }

        SetResponse(responseId: null, usage: null, partialOutputItems, details, isCompleted: false);
        Carry(failure);
        SetPayloadPath(RecordIfListening(
            ModelSpan.ResponsePayload(null, details.UpstreamRequestId, null, partialOutputItems),
            (RequestId, Error: EventText.Why(failure.WordsOrUnknown), UpstreamRequestId: EventText.NameOrNull(details.UpstreamRequestId)),
            static (s, reference) => new InferenceFailedEvent
            {
                InferenceCallId = s.RequestId,
                UpstreamRequestId = s.UpstreamRequestId,
                Error = s.Error,
                PartialResponsePayload = reference,
            }));
        Finish(ExecutionStatus.Failed, failure);
    }

    /// <inheritdoc/>
    public override void Cancel(string reason, in JsonPayload partialOutputItems = default, in ModelResponseDetails details = default)
    {
        if (TryEnd())
        {
            RecordCancelled(reason, partialOutputItems, details);
            Finish(ExecutionStatus.Cancelled);
        }
    }

    internal static ModelRequest Start(Turn turn, string model, in JsonPayload payload, in ModelRequestOptions options)
    {
        var session = turn.Session;
        var providerName = EventText.NameOrNull(options.ProviderName) ?? session.ProviderName;
        var handle = new ModelRequest(turn, model, providerName, GivenIds.Take(turn.Rollout.Ids.Requests, options.RequestId) ?? session.NewId(), payload);
        var endpoint = options.Endpoint ?? session.Endpoint;
        var tags = ModelSpan.Tags(turn, model, providerName, endpoint);
        tags.Add(RolloutAttributes.Inference.Id, handle.RequestId);
        if (options.HasNoSpan || options.Span is not null)
        {
            handle.Adopt(options.Span, tags);
        }
        else if (ModelSpan.Create(turn.Rollout.Source, model, turn.SpanContext, tags) is { } created)
        {
            handle.Attach(created);
        }
        else
        {
            return Disabled;
        }

        session.TurnCause.Take();
        if (session.PendingLinks.MoveTo(handle, LinkKind.CompactedBy))
        {
            handle.SetCompacted();
        }

        (handle.parameters, var content) = ModelSpan.SetRequest(handle, payload, options, endpoint);
        if (handle.Content is not null && turn.IsFirstRequest())
        {
            handle.userInput = content?.UserInput;
        }

        handle.Begin();
        if (handle.userInput is not null && !handle.Rollout.IsRecorded)
        {
            handle.SetUserInput(path: null);
        }

        handle.request = default;
        return handle;
    }

    private protected override void RecordStart()
    {
        var reference = Rollout.Record(
            EventContext,
            PayloadKind.InferenceRequest,
            request.IsEmpty ? NoRequest : request,
            this,
            static (r, reference) => new InferenceStartedEvent
            {
                InferenceCallId = r.RequestId,
                ThreadId = r.turn.Session.ThreadId,
                CodexTurnId = r.turn.TurnId,
                Model = r.model,
                ProviderName = r.providerName ?? r.turn.Session.ProviderOrUnknown,
                RequestPayload = reference,
            });
        ModelSpan.SetRequestPath(this, reference?.Path, parameters);
        SetUserInput(reference?.Path);
    }

    private void SetCompacted()
    {
        if (WantsTags)
        {
            Activity!.SetTag(RolloutAttributes.GenAI.ConversationCompacted, SpanTags.True);
        }
    }

    // The format has no word for an aborted request: in the bundle it was cancelled.
    private protected override void RecordAborted()
    {
        Carry(RolloutAttributes.Status, StatusName.Of(ExecutionStatus.Aborted));
        RecordCancelled("aborted", partialOutputItems: default, details: default);
    }

    private void RecordCancelled(string reason, in JsonPayload partialOutputItems, in ModelResponseDetails details)
    {
        if (WantsOwnTags)
        {
            Activity!.Set(RolloutAttributes.Cancel.Reason, reason);
        }

        SetResponse(responseId: null, usage: null, partialOutputItems, details, isCompleted: false);
        SetPayloadPath(RecordIfListening(
            ModelSpan.ResponsePayload(null, details.UpstreamRequestId, null, partialOutputItems),
            (RequestId, Reason: EventText.Why(reason), UpstreamRequestId: EventText.NameOrNull(details.UpstreamRequestId)),
            static (s, reference) => new InferenceCancelledEvent
            {
                InferenceCallId = s.RequestId,
                UpstreamRequestId = s.UpstreamRequestId,
                Reason = s.Reason,
                PartialResponsePayload = reference,
            }));
    }

    private PayloadReference? RecordIfListening<TState>(in JsonPayload payload, TState state, Func<TState, PayloadReference?, RawEventPayload> create) =>
        Rollout.IsRecorded ? Record(PayloadKind.InferenceResponse, payload, state, create) : null;

    // Gives the id of the response, which the response itself may say.
    private string? SetResponse(string? responseId, TokenUsage? usage, in JsonPayload outputItems, in ModelResponseDetails details, bool isCompleted)
    {
        var (id, used, content) = ModelSpan.SetResponse(this, responseId, usage, outputItems, details, isCompleted);
        if (used is { } tokens)
        {
            turn.AddTokens(tokens);
        }

        if (isCompleted && content is { IsAnswer: true })
        {
            answer = content.Output;
            turn.SetConversation(RolloutAttributes.GenAI.OutputMessages, answer, RolloutAttributes.Payload.Response, payload: null);
        }

        return id;
    }

    private void SetUserInput(string? path) => turn.SetConversation(RolloutAttributes.GenAI.InputMessages, userInput, RolloutAttributes.Payload.Request, path);

    private void SetPayloadPath(PayloadReference? reference)
    {
        ModelSpan.SetResponsePath(this, reference?.Path);
        turn.SetConversation(RolloutAttributes.GenAI.OutputMessages, answer, RolloutAttributes.Payload.Response, reference?.Path);
    }
}
