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
    private readonly ModelRequest request;

    /// <summary>Starts it. The results in the messages end the calls that they answer.</summary>
    public TracedRequest(ChatTracing tracing, TracedTurn turn, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelRequestOptions span)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.messages = messages;
        ToolResults.Settle(turn, messages);
        turn.Asked(messages);
        var model = tracing.ModelOf(options);
        var previous = PreviousResponse(options);
        request = turn.Turn.StartModelRequest(model, RequestWriter.Write(messages, options, model, previous), span with
        {
            ProviderName = tracing.ProviderName,
            PreviousResponseId = previous,
        });
    }

    public Activity? Span => request.Activity;

    public void Complete(ChatResponse response)
    {
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

    // Where the service keeps the history the messages are what is new.
    private string? PreviousResponse(ChatOptions? options)
    {
        var conversation = turn.Conversation;
        return options?.ConversationId is { } id && (id == conversation.KeptByServiceAs || id == conversation.LastResponseId)
            ? conversation.LastResponseId
            : null;
    }
}
