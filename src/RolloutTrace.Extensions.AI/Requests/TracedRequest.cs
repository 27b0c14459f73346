using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>One request of a turn: its start with what was given, and its end with what came.</summary>
internal sealed class TracedRequest
{
    private readonly ChatTracing tracing;
    private readonly TracedTurn turn;
    private readonly IReadOnlyList<ChatMessage> messages;
    private readonly RecordedRequest<ModelRequest> request;
    private readonly bool isWhole;
    private bool hasSpan;

    /// <summary>Starts it. The results in the messages end the calls that they answer; a history that was compacted is installed.</summary>
    /// <param name="tracing">The pipeline.</param>
    /// <param name="turn">The turn that it is in.</param>
    /// <param name="messages">What it shows.</param>
    /// <param name="options">Its options.</param>
    /// <param name="span">The span that it has, or that it has none.</param>
    /// <param name="fromWire">Whether it is recorded as it goes over the wire.</param>
    /// <param name="sent">The request as it was recorded from the wire; null if it was not.</param>
    /// <param name="goesOn">Whether it is known to go on from the latest response.</param>
    public TracedRequest(ChatTracing tracing, TracedTurn turn, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelRequestOptions span, bool fromWire = false, ModelRequest? sent = null, bool goesOn = false)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.messages = messages;
        ToolResults.Settle(turn, messages, options);
        turn.Asked(messages);
        tracing.Conversations.Asked(turn.Conversation, messages, options);
        var model = tracing.ModelOf(options);
        var previous = goesOn || GoesOn(turn.Conversation, options) ? turn.Conversation.LastResponseId : null;
        isWhole = previous is null && options?.ContinuationToken is null;
        if (isWhole && sent is null)
        {
            turn.Conversation.Shown.Asking(turn.Turn, messages, model);
        }

        request = sent is not null ? new RecordedRequest<ModelRequest>(sent) : new RecordedRequest<ModelRequest>(
            json => turn.Turn.StartModelRequest(model, json, Next(span) with { ProviderName = tracing.ProviderName, PreviousResponseId = previous }),
            () => RequestWriter.Write(messages, options, model, previous),
            fromWire);
    }

    public Activity? Span => request.Attempt?.Activity;

    /// <summary>The request as it is recorded; null if it has not got to the wire.</summary>
    public ModelRequest? Recorded => request.Attempt;

    /// <summary>Whether the service keeps the history: then messages are what is new.</summary>
    public static bool GoesOn(Conversation conversation, ChatOptions? options) =>
        options?.ContinuationToken is not null || (options?.ConversationId is { } id && conversation.StandsAt(id));

    public void Complete(ChatResponse response)
    {
        var answered = request.Complete(response);
        foreach (var call in ResponseFacts.Calls(response.Messages))
        {
            if (turn.Conversation.Asked(call, answered) is { Handle: not null } before)
            {
                ToolResults.GiveUp(before);
            }
        }

        ToolResults.SettleOwn(turn, response.Messages);
        turn.Conversation.Shown.Answered(messages, response.Messages, isWhole);
        tracing.Conversations.Answered(turn.Conversation, messages, response, isWhole);
        tracing.Conversations.Gave(turn.Conversation, response);
        turn.Answered(response);
    }

    /// <summary>It failed, or was given up where there is no exception.</summary>
    public void Fail(Exception? exception, string reason, ChatResponse partial)
    {
        request.Fail(exception, reason, partial);
        tracing.Conversations.Gave(turn.Conversation, partial);
        turn.NotAnswered(exception);
    }

    // The span of the framework is the first attempt's; another one's own, where it has spans of its own, and else none.
    private ModelRequestOptions Next(ModelRequestOptions span)
    {
        var isFirst = !hasSpan;
        hasSpan = true;
        return isFirst || (span.Span is null && !span.HasNoSpan) ? span : new ModelRequestOptions { HasNoSpan = true };
    }
}
