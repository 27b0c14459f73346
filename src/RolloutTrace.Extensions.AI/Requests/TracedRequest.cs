using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>One request of a turn: its start with what was given, and its end with what came.</summary>
internal sealed class TracedRequest
{
    private readonly ChatTracing tracing;
    private readonly TracedTurn turn;
    private readonly IReadOnlyList<ChatMessage> messages;
    private readonly WireExchange? wire;
    private readonly Func<JsonPayload, ModelRequest> start;
    private readonly Func<JsonPayload> given;
    private ModelRequest? request;
    private bool hasSpan;

    /// <summary>Starts it. The results in the messages end the calls that they answer.</summary>
    public TracedRequest(ChatTracing tracing, TracedTurn turn, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelRequestOptions span, bool fromWire = false)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.messages = messages;
        ToolResults.Settle(turn, messages);
        turn.Asked(messages);
        var model = tracing.ModelOf(options);
        var previous = PreviousResponse(options);
        given = () => RequestWriter.Write(messages, options, model, previous);
        start = json => turn.Turn.StartModelRequest(model, json, Next(span) with { ProviderName = tracing.ProviderName, PreviousResponseId = previous });
        if (fromWire)
        {
            wire = WireExchange.Begin(json => request = start(json));
        }
        else
        {
            request = start(given());
        }
    }

    public Activity? Span => request?.Activity;

    public void Complete(ChatResponse response)
    {
        // A client that reads no bytes to the end has its answer all the same: what it says counts where the wire said nothing.
        wire?.Complete();
        var request = this.request ??= start(given());
        request.Complete(response.ResponseId, ResponseFacts.Usage(response.Usage), ResponseFacts.Items(response.Messages), ResponseFacts.Details(response));
        foreach (var call in ResponseFacts.Calls(response.Messages))
        {
            turn.Conversation.Asked(call, request);
        }

        // What the service carried out itself has its result beside the call.
        ToolResults.Settle(turn, response.Messages);
        tracing.Conversations.Answered(turn.Conversation, messages, response);
        turn.Answered(response);
    }

    /// <summary>It failed, or was given up where there is no exception.</summary>
    public void Fail(Exception? exception, string reason, ChatResponse partial)
    {
        if (exception is null)
        {
            wire?.Cancel(reason);
        }
        else
        {
            wire?.Fail(exception);
        }

        var request = this.request ??= start(given());
        var items = partial.Messages.Count == 0 ? default : ResponseFacts.Items(partial.Messages);
        if (exception is null)
        {
            request.Cancel(reason, items, ResponseFacts.Details(partial));
        }
        else
        {
            request.Fail(exception, items, ResponseFacts.Details(partial));
        }

        turn.NotAnswered(exception);
    }

    // The span of the framework is the first attempt's; another one's own, where it has spans of its own, and else none.
    private ModelRequestOptions Next(ModelRequestOptions span)
    {
        var isFirst = !hasSpan;
        hasSpan = true;
        return isFirst || (span.Span is null && !span.HasNoSpan) ? span : new ModelRequestOptions { HasNoSpan = true };
    }

    // Where the service keeps the history the messages are what is new.
    private string? PreviousResponse(ChatOptions? options)
    {
        var conversation = turn.Conversation;
        return options?.ConversationId is { } id && (id == conversation.KeptByServiceAs || id == conversation.LastResponseId)
            ? conversation.LastResponseId
            : null;
    }
}
