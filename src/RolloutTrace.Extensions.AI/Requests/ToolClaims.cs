using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Compactions;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Extensions.AI.Diagnostics;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// Sees the frameworks' spans start and takes those that stand for what the middleware waits for: the carrying out of a call that a
/// model asked for, a compaction, and a request or a run that its span was expected of.
/// </summary>
internal static class ToolClaims
{
    private const string CallIdTag = "gen_ai.tool.call.id";
    private const string ErrorTag = "error.type";

    static ToolClaims() => SpanClaims.Add(static span => Contain.Run(nameof(SpanClaims), span, Take));

    /// <summary>From now on spans are looked at.</summary>
    public static void Listen()
    {
    }

    /// <summary>Starts the trace of a call that the model asked for.</summary>
    public static ToolCall Start(Turn turn, PendingCall call, Activity? span)
    {
        var arguments = call.Call.Arguments is { } given ? AnyJson.Compact(given) : "{}";
        var handle = turn.StartToolCall(new()
        {
            Name = call.Call.Name,
            CallId = call.Call.CallId,
            Arguments = JsonPayload.OfJson(arguments),
            CausedBy = call.CausedBy,
            Span = span,
        });
        call.Handle = handle;
        if (span is not null)
        {
            handle.WhenSpanStops = () =>
            {
                call.HasRun = true;
                handle.HasRun();
                call.ErrorType = span.GetTagItem(ErrorTag) as string ?? (span.Status == ActivityStatusCode.Error ? "_OTHER" : null);
                call.ErrorWords = string.IsNullOrEmpty(span.StatusDescription) ? null : McpFailure.Words(span.StatusDescription);
            };
        }

        return handle;
    }

    private static void Take(Activity span)
    {
        var name = span.OperationName;
        if (name.StartsWith(SpanNames.ExecuteTool, StringComparison.Ordinal))
        {
            TakeTool(span);
        }
        else if (ExpectedSpan.TryTake(span))
        {
            return;
        }
        else if (name.StartsWith(SpanNames.Chat, StringComparison.Ordinal))
        {
            // Agent Framework's span of a run starts under this name too, and is renamed.
            SeenSpans.Add(span);
            if (HandleAround(span) is Turn turn)
            {
                LoopExchange.RequestStarts(TracedTurn.Of(turn), span);
            }
        }
        else if (name == SpanNames.Compact)
        {
            if (HandleAround(span) is Turn turn)
            {
                TracedCompaction.Begin(TracedTurn.Of(turn), span);
            }
        }
        else if (name is SpanNames.ToolLoop or SpanNames.InvokeWorkflow || name.StartsWith(SpanNames.InvokeAgent, StringComparison.Ordinal))
        {
            SeenSpans.Add(span);
        }
    }

    private static void TakeTool(Activity span)
    {
        var context = FunctionInvokingChatClient.CurrentContext;
        var callId = context?.CallContent.CallId ?? span.GetTagItem(CallIdTag) as string;
        if (callId is null)
        {
            return;
        }

        if (TurnOf(span, context) is not { } turn)
        {
            // A span of somebody else's source stands in a pipeline that may have no recording in it.
            if (context is not null && EarlyCalls.Add(span, context.CallContent) && ReferenceEquals(span.Source, RolloutActivitySource.Source))
            {
                RolloutHandle.Cover(span);
            }

            return;
        }

        var traced = TracedTurn.Of(turn);
        ModelRequest? first = null;
        var isOfLoop = context is not null && LoopExchange.ToolStarts(traced, context, out first);
        if (traced.Conversation.Waiting(callId) is { } call)
        {
            Start(turn, call, span);
        }
        else if (isOfLoop && (!traced.Conversation.Knows(callId) || traced.Conversation.IsEarly(callId)))
        {
            // Where the service keeps the history the loop shows no response before its end: the call is told with that.
            RolloutHandle.Cover(span);
            if (!traced.Conversation.Knows(callId))
            {
                UnseenCalls.Add(span, turn, new PendingCall(context!.CallContent, first) { IsEarly = true });
            }
        }
    }

    // A stream forgets what was current whenever it gives something out: then the call itself says whose it is.
    private static Turn? TurnOf(Activity span, FunctionInvocationContext? context) =>
        HandleAround(span) is { } around ? around as Turn
        : context is null ? null
        : PendingCall.TurnThatAsked(context.CallContent) ?? TracedTurn.GoneOnFrom(context.Messages, context.Messages.Count - 1)?.Turn ?? LaterTurn(span, context);

    // A call that somebody has agreed to meanwhile is carried out before anything else is asked: the turn begins with it. What was stored and read
    // again are other objects.
    private static Turn? LaterTurn(Activity span, FunctionInvocationContext context)
    {
        if (span.Parent is not { OperationName: SpanNames.ToolLoop } loop)
        {
            return null;
        }

        var callId = context.CallContent.CallId;
        var conversation = PendingCall.ConversationThatAsked(context.CallContent) is { IsBusy: false, EndsItself: true } asked && asked.Waiting(callId) is not null
            ? asked
            : ConversationTable.Shared.ThatWaitsFor(callId, HeldCalls.AsSent([.. context.Messages]));
        return conversation is null
            ? null
            : TracedTurn.Start(conversation, conversation.Open(new AgentSessionOptions { ThreadRule = "history" }), loop, spawnedBy: null).Turn;
    }

    private static RolloutHandle? HandleAround(Activity span)
    {
        for (var around = span.Parent; around is not null; around = around.Parent ?? RolloutHandle.Of(around)?.Previous)
        {
            if (RolloutHandle.Of(around) is { } handle and not ModelAttempt)
            {
                return handle;
            }
        }

        return null;
    }
}
