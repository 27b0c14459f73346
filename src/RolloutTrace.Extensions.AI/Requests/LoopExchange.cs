using System.Collections.Concurrent;
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
    private readonly HashSet<AIContent> given = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> agreedOn;
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly bool expectsSpans;
    private readonly WireRequests? wire;
    private readonly List<FunctionInvocationContext> invoked = [];
    private readonly bool isKept;
    private TracedRequest? request;
    private Activity? span;
    private int requests;
    private int kept;

    private LoopExchange(ChatTracing tracing, TracedTurn turn, bool isLone, ChatMessage[] messages, ChatOptions? options, bool streams)
    {
        this.tracing = tracing;
        this.turn = turn;
        this.isLone = isLone;
        this.options = options;
        this.streams = streams;
        history = [.. HeldCalls.Parted(messages)];
        known.UnionWith(messages);
        agreedOn = HeldCalls.AgreedOn(messages, turn.Conversation);
        if (agreedOn.Count > 0)
        {
            given.UnionWith(messages.SelectMany(static message => message.Contents));
        }

        expectsSpans = tracing.ExpectsSpan;
        isKept = TracedRequest.GoesOn(turn.Conversation, options);
        wire = tracing.Options.FromWire ? new WireRequests(tracing, turn, options, NextSpan) : null;
    }

    public static LoopExchange Start(ChatTracing tracing, TracedTurn turn, bool isLone, ChatMessage[] messages, ChatOptions? options, bool streams)
    {
        var loop = new LoopExchange(tracing, turn, isLone, messages, options, streams);
        Running.AddOrUpdate(turn, loop);
        turn.SeesRuns = true;
        if (!loop.expectsSpans && loop.agreedOn.Count == 0)
        {
            loop.Begin();
        }

        Activity.Current = turn.Turn.Activity;
        return loop;
    }

    /// <summary>Telemetry inside has started a span for a request. Returns whether it is one of a loop that runs.</summary>
    public static bool RequestStarts(TracedTurn turn, Activity span) => Running.TryGetValue(turn, out var loop) && loop.Take(span);

    /// <summary>A function is about to run: the response that asked for it is whole. Returns whether it runs in a loop.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="context">What runs.</param>
    /// <param name="first">The loop's first request, if that is what asked, and how it ended is not told yet.</param>
    public static bool ToolStarts(TracedTurn turn, FunctionInvocationContext context, out ModelRequest? first)
    {
        first = null;
        if (!Running.TryGetValue(turn, out var loop))
        {
            return false;
        }

        first = loop.Reveal(context);
        return true;
    }

    protected override void OnSent()
    {
        lock (gate)
        {
            if (requests == 0 && agreedOn.Count == 0)
            {
                Begin();
            }
        }
    }

    // Spans of what runs inside belong to the turn.
    protected override void OnResume()
    {
        Activity.Current = turn.Turn.Activity;
        wire?.Resume();
    }

    protected override void OnArriving(ChatResponseUpdate update)
    {
        lock (gate)
        {
            if (update.Role == ChatRole.Tool)
            {
                Respond();
            }
            else if (!IsAgreedOn(update.Contents))
            {
                Begin();
            }
        }
    }

    protected override void OnArrived(ChatResponseUpdate update)
    {
        if (update.Role != ChatRole.Tool)
        {
            return;
        }

        lock (gate)
        {
            var results = Streamed().Messages.Where(message => !IsAgreedOn(message.Contents)).ToList();
            Add(results);
            var ends = invoked.Exists(static context => context.Terminate);
            invoked.Clear();
            if (wire is not null || ends)
            {
                // No request shows them, or one that is recorded as it goes over the wire.
                ToolResults.Settle(turn, results, options);
            }
            else if (!expectsSpans && agreedOn.Count == 0)
            {
                // Refusals come before what the calls that somebody has agreed to gave.
                Begin();
            }
        }
    }

    protected override void OnAnswered(ChatResponse response)
    {
        lock (gate)
        {
            if (!streams)
            {
                Advance(response.Messages, response);
            }
            else if (request is not null || response.Messages.Count > 0)
            {
                Complete(response);
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
                wire?.Fail(exception, reason);
                turn.NotAnswered(exception);
            }
            else
            {
                request.Fail(exception, reason, partial);
            }
        }

        End();
    }

    private bool Take(Activity span)
    {
        lock (gate)
        {
            // A client may tell its own requests, though no telemetry was put there: the loop has them all the same.
            RolloutHandle.Cover(span);
            if (!expectsSpans)
            {
                return true;
            }

            spans.Enqueue(span);

            // What the functions gave is known by now only where it has streamed.
            if (streams || (requests == 0 && agreedOn.Count == 0))
            {
                Begin();
            }

            return true;
        }
    }

    private ModelRequest? Reveal(FunctionInvocationContext context)
    {
        lock (gate)
        {
            if (streams)
            {
                invoked.Add(context);
                Respond();
            }
            else
            {
                Advance(NewOf(context.Messages), whole: null);
            }

            return requests == 0 && context.Iteration == 0 ? request?.Recorded : null;
        }
    }

    // The loop tells such calls once more, and no model has; with them those of the same response to which the framework has agreed itself.
    private bool IsAgreedOn(IList<AIContent> contents)
    {
        if (agreedOn.Count == 0 || contents.OfType<FunctionCallContent>().FirstOrDefault(call => agreedOn.Contains(call.CallId)) is not { } agreed)
        {
            return false;
        }

        var others = contents.OfType<FunctionCallContent>().Where(call => turn.Conversation.AskedWith(agreed.CallId, call)).ToList();
        if (others.Count > 0)
        {
            agreedOn.UnionWith(others.Select(static call => call.CallId));
            HeldCalls.TellWith(history, agreed.CallId, contents);
        }

        return true;
    }

    // What stood beside such a call is a message of its own when the call is taken out of it, and was said before.
    private bool IsLeft(ChatMessage message) => agreedOn.Count > 0 && message.Contents.All(given.Contains);

    // What has its result was carried out: a call of that id is another's from here on.
    private void Add(IEnumerable<ChatMessage> results)
    {
        foreach (var message in results)
        {
            history.Add(message);
            agreedOn.ExceptWith(message.Contents.OfType<FunctionResultContent>().Select(static result => result.CallId));
        }
    }

    // What somebody inside has put before the history, such as a summary of what was left out, is nothing that the model has said now.
    private List<ChatMessage> NewOf(IList<ChatMessage> messages)
    {
        var last = messages.Count - 1;
        while (last >= 0 && !known.Contains(messages[last]))
        {
            last--;
        }

        return [.. messages.Skip(last + 1)];
    }

    // A response has streamed, if a function of it runs or has run.
    private void Respond()
    {
        if ((request is not null || wire is not null) && HasUpdates)
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
                Add([message]);
                continue;
            }

            if (IsAgreedOn(message.Contents) || IsLeft(message))
            {
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
        if (requests > 0 && whole.Usage is not null && wire is null && !(tracing.HasSpanOfEach && SpanFacts.HasUsage(span)))
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
        if (request is null && wire is null)
        {
            var current = Activity.Current;
            request = new TracedRequest(tracing, turn, [.. history.Skip(kept)], options, NextSpan(), goesOn: isKept);
            Activity.Current = current;
        }
    }

    // Where telemetry has spans of its own, a request has the one that was started for it, or none.
    private ModelRequestOptions NextSpan()
    {
        span = expectsSpans && spans.TryDequeue(out var started) ? started : null;
        return new() { Span = span, HasNoSpan = expectsSpans && span is null };
    }

    private void Complete(ChatResponse response)
    {
        if (wire is not null)
        {
            request = new TracedRequest(tracing, turn, [.. history], options, default, sent: wire.Answered(response, history));
        }

        response = tracing.HasSpanOfEach && !streams ? SpanFacts.Of(span, response) : response;
        request?.Complete(response);
        (request, span) = (null, null);
        requests++;
        agreedOn.Clear();
        history.AddRange(response.Messages);
        if (isKept && !string.IsNullOrEmpty(response.ResponseId))
        {
            // What the service has by now is not sent again.
            kept = history.Count;
        }
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
