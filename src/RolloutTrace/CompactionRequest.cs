using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace;

/// <summary>One attempt of a compaction's model request.</summary>
public sealed class CompactionRequest : ModelAttempt
{
    private readonly Compaction compaction;
    private readonly string? providerName;
    private JsonPayload request;
    private RequestParameters parameters;

    private CompactionRequest()
        : base(Rollout.Disabled, string.Empty) => compaction = Compaction.Disabled;

    private CompactionRequest(Compaction compaction, string? providerName, string requestId, in JsonPayload request)
        : base(compaction.Rollout, requestId)
    {
        this.compaction = compaction;
        this.providerName = providerName;
        this.request = request;
    }

    internal static CompactionRequest Disabled { get; } = new();

    internal override Turn? OwnTurn => compaction.Turn;

    private protected override RolloutEventContext EventContext => new(Turn.Session.ThreadId, Turn.TurnId, Activity) { SpanAttributes = Carried };

    private Turn Turn => compaction.Turn;

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
        var (id, said, _) = ModelSpan.SetResponse(this, responseId, usage, outputItems, details, isCompleted: true);
        responseId = id;
        if (said is { } used)
        {
            Turn.AddTokens(used);
        }

        if (Rollout.IsRecorded)
        {
            var payload = ModelSpan.ResponsePayload(responseId, details.UpstreamRequestId, usage, outputItems.Or("[]"));
            var reference = Rollout.Record(
                EventContext,
                PayloadKind.CompactionResponse,
                payload,
                this,
                static (r, reference) => new CompactionRequestCompletedEvent
                {
                    CompactionId = r.compaction.CompactionId,
                    CompactionRequestId = r.RequestId,
                    ResponsePayload = reference,
                });
            ModelSpan.SetResponsePath(this, reference?.Path);
        }

        Finish(ExecutionStatus.Completed);
    }

    // The bundle's format has no place for part of a compaction's response: it is seen on the span only.
    private protected override void Fail(in Failure failure, in JsonPayload partialOutputItems, in ModelResponseDetails details)
    {
        if (TryEnd())
        {
            SetPartialResponse(partialOutputItems, details);
            Carry(failure);
            RecordFailed(EventText.Why(failure.WordsOrUnknown));
            Finish(ExecutionStatus.Failed, failure);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The bundle's format knows no cancelled attempt of a compaction: there it failed, with the reason.</remarks>
    public override void Cancel(string reason, in JsonPayload partialOutputItems = default, in ModelResponseDetails details = default)
    {
        if (TryEnd())
        {
            SetPartialResponse(partialOutputItems, details);
            RecordCancelled(reason, ExecutionStatus.Cancelled);
            Finish(ExecutionStatus.Cancelled);
        }
    }

    internal static CompactionRequest Start(Compaction compaction, in JsonPayload payload, in ModelRequestOptions options)
    {
        var turn = compaction.Turn;
        var providerName = EventText.NameOrNull(options.ProviderName) ?? turn.Session.ProviderName;
        var handle = new CompactionRequest(compaction, providerName, GivenIds.Take(turn.Rollout.Ids.Requests, options.RequestId) ?? turn.Session.NewId(), payload);
        var endpoint = options.Endpoint ?? turn.Session.Endpoint;
        var tags = ModelSpan.Tags(turn, compaction.Model, providerName, endpoint);
        tags.Add(RolloutAttributes.Compaction.Id, compaction.CompactionId);
        tags.Add(RolloutAttributes.Compaction.RequestId, handle.RequestId);
        if (options.HasNoSpan || options.Span is not null)
        {
            handle.Adopt(options.Span, tags);
        }
        else if (ModelSpan.Create(turn.Rollout.Source, compaction.Model, compaction.SpanContext, tags) is { } created)
        {
            handle.Attach(created);
        }
        else
        {
            return Disabled;
        }

        handle.parameters = ModelSpan.SetRequest(handle, payload, options, endpoint).Parameters;
        handle.Begin();
        handle.request = default;
        return handle;
    }

    private protected override void RecordStart()
    {
        // Whether there is an event of the compaction itself is open until it is installed.
        var reference = Rollout.Record(
            EventContext with { ParentSpanId = ParentSpanId },
            PayloadKind.CompactionRequest,
            request.Or("null"),
            this,
            static (r, reference) => new CompactionRequestStartedEvent
            {
                CompactionId = r.compaction.CompactionId,
                CompactionRequestId = r.RequestId,
                ThreadId = r.Turn.Session.ThreadId,
                CodexTurnId = r.Turn.TurnId,
                Model = r.compaction.Model,
                ProviderName = r.providerName ?? r.Turn.Session.ProviderOrUnknown,
                RequestPayload = reference,
            });
        ModelSpan.SetRequestPath(this, reference?.Path, parameters);
    }

    private protected override void RecordAborted() => RecordCancelled("aborted", ExecutionStatus.Aborted);

    // Nobody could find its tokens in the bundle, so nobody counts them.
    private void SetPartialResponse(in JsonPayload outputItems, in ModelResponseDetails details)
    {
        Carry(RolloutAttributes.UpstreamRequestId, details.UpstreamRequestId);
        ModelSpan.SetResponse(this, responseId: null, usage: null, output: default, details, isCompleted: false);
        ModelSpan.SetOutput(this, outputItems, details.FinishReasons);
    }

    private void RecordCancelled(string reason, ExecutionStatus status)
    {
        Carry(RolloutAttributes.Status, StatusName.Of(status));
        Carry(RolloutAttributes.Cancel.Reason, reason);
        if (WantsTags)
        {
            Activity!.Set(RolloutAttributes.Cancel.Reason, reason);
        }

        RecordFailed($"cancelled: {EventText.Why(reason)}");
    }

    private void RecordFailed(string error) =>
        Record(new CompactionRequestFailedEvent { CompactionId = compaction.CompactionId, CompactionRequestId = RequestId, Error = error });
}
