using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// Ends tool calls with what the model gets of them. It is known when the next request carries it: only then is it sure what the
/// framework made of a result or an exception.
/// </summary>
internal static class ToolResults
{
    /// <summary>Ends the calls whose results stand in messages. A call that nobody was seen to carry out is recorded now.</summary>
    public static void Settle(TracedTurn turn, IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
            {
                if (content is FunctionResultContent { CallId: not null } result && turn.Conversation.Answered(result.CallId) is { } call)
                {
                    End(call, call.Handle ?? ToolClaims.Start(turn.Turn, call, span: null), result);
                }
            }
        }
    }

    /// <summary>Ends the calls of a turn for which no result will come in it.</summary>
    public static void GiveUp(TracedTurn turn)
    {
        foreach (var call in turn.Conversation.Unanswered(turn.Turn))
        {
            GiveUp(call);
        }
    }

    /// <summary>Ends a call that was carried out, or is being, and for which no result will come.</summary>
    public static void GiveUp(PendingCall call)
    {
        if (!call.HasRun)
        {
            call.Handle!.Dispose();
        }
        else if (call.ErrorType is { } errorType)
        {
            call.Handle!.Fail(errorType, errorType);
        }
        else
        {
            call.Handle!.Complete(default);
        }
    }

    private static void End(PendingCall call, ToolCall handle, FunctionResultContent result)
    {
        JsonPayload output = AnyJson.Document(json => ItemWriter.Write(json, new ChatMessage(ChatRole.Tool, [result])));
        if (result.Exception is { } exception)
        {
            handle.Fail(exception, output);
        }
        else if (call.ErrorType is { } errorType)
        {
            handle.Fail(errorType, errorType, output);
        }
        else
        {
            handle.Complete(output);
        }
    }
}
