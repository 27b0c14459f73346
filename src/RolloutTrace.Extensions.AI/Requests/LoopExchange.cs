using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// What function invocation makes of one call: requests in a row, with the calls of functions between them. The middleware stands
/// outside and sees none of the requests; it tells them from the functions that run, the updates that pass, and the messages that
/// come out. Safe for concurrent use.
/// </summary>
internal sealed class LoopExchange : TracedExchange
{
    private static readonly ConditionalWeakTable<TracedTurn, LoopExchange> Running = [];

    private readonly Lock gate = new();
    private readonly ChatTracing tracing;
    private readonly TracedTurn turn;
    private readonly bool isLone;
    private readonly ChatOptions? options;
    private readonly bool streams;
    private readonly List<ChatMessage> history;
    private readonly HashSet<ChatMessage> known = new(ReferenceEqualityComparer.Instance);
    private TracedRequest? request;
    private int requests;

    private LoopExchange(ChatTracing tracing, TracedTurn turn, bool isLone, ChatMessage[] messages, ChatOptions? options, bool streams)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.isLone = isLone;
        this.options = options;
        this.streams = streams;
        history = [.. messages];
        known.UnionWith(messages);
    }

    public static LoopExchange Start(ChatTracing tracing, TracedTurn turn, bool isLone, ChatMessage[] messages, ChatOptions? options, bool streams)
    {
        var loop = new LoopExchange(tracing, turn, isLone, messages, options, streams);
        loop.Begin();
        Running.AddOrUpdate(turn, loop);
        return loop;
    }

    /// <summary>A function is about to run: the response that asked for it is whole.</summary>
    public static void ToolStarts(TracedTurn turn, FunctionInvocationContext context)
    {
        if (Running.TryGetValue(turn, out var loop))
        {
            loop.Reveal(context);
        }
    }

    protected override void OnSent()
    {
    }

    // Spans of what runs inside belong to the turn.
    protected override void OnResume() => Activity.Current = turn.Turn.Activity;

    protected override void OnArrived(ChatResponseUpdate update)
    {
        if (update.Role != ChatRole.Tool)
        {
            return;
        }

        lock (gate)
        {
            Respond();
            history.AddRange(Streamed().Messages);
            Begin();
        }
    }

    protected override void OnAnswered(ChatResponse response)
    {
        lock (gate)
        {
            if (streams)
            {
                Complete(response);
            }
            else
            {
                Advance(response.Messages, response);
            }
        }

        End();
    }

    protected override void OnFailed(Exception? exception, string reason, ChatResponse partial)
    {
        lock (gate)
        {
            if (request is null)
            {
                turn.NotAnswered(exception);
            }
            else
            {
                request.Fail(exception, reason, partial);
            }
        }

        End();
    }

    private void Reveal(FunctionInvocationContext context)
    {
        lock (gate)
        {
            if (streams)
            {
                Respond();
            }
            else
            {
                Advance([.. context.Messages.Where(message => !known.Contains(message))], whole: null);
            }
        }
    }

    // A response has streamed, if a function of it runs or has run.
    private void Respond()
    {
        if (request is not null && HasUpdates)
        {
            Complete(Streamed());
        }
    }

    // Messages in the order in which they came about: what the model said ends a request, what tools gave begins another.
    private void Advance(IList<ChatMessage> messages, ChatResponse? whole)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (!known.Add(message))
            {
                continue;
            }

            if (message.Role == ChatRole.Tool)
            {
                history.Add(message);
                continue;
            }

            var said = new List<ChatMessage> { message };
            while (i + 1 < messages.Count && messages[i + 1].Role != ChatRole.Tool)
            {
                known.Add(messages[++i]);
                said.Add(messages[i]);
            }

            Begin();
            var isLast = whole is not null && i == messages.Count - 1;
            Complete(isLast ? Last(whole!, said) : new ChatResponse(said));
        }
    }

    // Of all that is known of the whole the last response has what is its own, and the sum of the tokens.
    private ChatResponse Last(ChatResponse whole, List<ChatMessage> said)
    {
        if (requests > 0 && whole.Usage is not null)
        {
            turn.Turn.ProtocolEventObserved("usage_of_several_requests", JsonPayload.OfJson(
                """{"note":"the last request of this turn has the tokens of all of them: the middleware stands outside of function invocation"}"""));
        }

        return new ChatResponse(said)
        {
            ResponseId = whole.ResponseId,
            ConversationId = whole.ConversationId,
            ModelId = whole.ModelId,
            FinishReason = whole.FinishReason,
            Usage = whole.Usage,
        };
    }

    private void Begin()
    {
        if (request is null)
        {
            request = new TracedRequest(tracing, turn, [.. history], options, default);
            Activity.Current = turn.Turn.Activity;
        }
    }

    private void Complete(ChatResponse response)
    {
        request?.Complete(response);
        request = null;
        requests++;
        history.AddRange(response.Messages);
    }

    private void End()
    {
        Running.Remove(turn);
        if (isLone)
        {
            turn.End();
        }
    }
}
