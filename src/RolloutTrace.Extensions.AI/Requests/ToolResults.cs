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
    private const string NotFound = "tool_not_found";

    /// <summary>
    /// Ends the calls whose results stand in messages. A call that nobody was seen to carry out is recorded now; if somebody had to agree
    /// to it, and its carrying out would have been seen, nobody has agreed; if no tool of that name was offered, there was nothing to carry out.
    /// </summary>
    public static void Settle(TracedTurn turn, IEnumerable<ChatMessage> messages, ChatOptions? options) => Settle(turn, messages, options, areShown: true);

    /// <summary>Ends the calls that the service has carried out itself: their results stand in its response.</summary>
    public static void SettleOwn(TracedTurn turn, IEnumerable<ChatMessage> answers) => Settle(turn, answers, options: null, areShown: false);

    private static void Settle(TracedTurn turn, IEnumerable<ChatMessage> messages, ChatOptions? options, bool areShown)
    {
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
            {
                if (content is FunctionResultContent { CallId: not null } result && turn.Conversation.Answered(result.CallId) is { } call)
                {
                    var wasSeen = !areShown || call.Handle is not null || call.HasRun || !turn.SeesRuns;
                    End(
                        call,
                        call.Handle ?? ToolClaims.Start(turn.Turn, call, span: null),
                        result,
                        isRefused: !wasSeen && HeldCalls.IsHeld(call.Call, options),
                        isMissing: !wasSeen && turn.Turn == call.CausedBy?.OwnTurn && options?.Tools?.Any(tool => tool.Name == call.Call.Name) != true);
                }
            }
        }
    }

    /// <summary>Ends the calls of a turn for which no result will come in it. Returns whether there are any.</summary>
    public static bool GiveUp(TracedTurn turn)
    {
        var calls = turn.Conversation.Unanswered(turn.Turn);
        foreach (var call in calls)
        {
            GiveUp(call);
        }

        return calls.Count > 0;
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
            call.Handle!.Fail(call.ErrorWords ?? errorType, errorType);
        }
        else
        {
            call.Handle!.Complete(default);
        }
    }

    private static void End(PendingCall call, ToolCall handle, FunctionResultContent result, bool isRefused, bool isMissing)
    {
        JsonPayload output = AnyJson.Document(json => ItemWriter.Write(json, new ChatMessage(ChatRole.Tool, [result])));
        if (isRefused)
        {
            handle.Cancel("nobody agreed to it", output);
        }
        else if (isMissing)
        {
            handle.Fail(NotFound, $"there is no function {call.Call.Name}", output);
        }
        else if (result.Exception is { } exception)
        {
            handle.Fail(exception, output);
        }
        else if (call.ErrorType is { } errorType)
        {
            handle.Fail(call.ErrorWords ?? errorType, errorType, output);
        }
        else
        {
            handle.Complete(output);
        }
    }
}
