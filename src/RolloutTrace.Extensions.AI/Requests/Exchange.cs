using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>One request to the model, which the middleware sees itself.</summary>
internal sealed class Exchange : TracedExchange
{
    private readonly TracedTurn turn;
    private readonly bool isLone;
    private readonly ExpectedSpan? expected;
    private readonly bool isOwnSpan;
    private TracedRequest? request;

    private Exchange(ChatTracing tracing, TracedTurn turn, bool isLone, Activity? span, ChatMessage[] messages, ChatOptions? options)
    {
        this.turn = turn;
        this.isLone = isLone;
        if (span is null && tracing.ExpectsSpan)
        {
            expected = new ExpectedSpan(SpanNames.Chat, found =>
                request = new TracedRequest(tracing, turn, messages, options, new() { Span = found, HasNoSpan = found is null }, tracing.Options.FromWire));
            expected.Expect();
        }
        else
        {
            isOwnSpan = span is null;
            request = new TracedRequest(tracing, turn, messages, options, new() { Span = span }, tracing.Options.FromWire);
        }
    }

    public static Exchange Start(ChatTracing tracing, TracedTurn turn, bool isLone, Activity? span, ChatMessage[] messages, ChatOptions? options) =>
        new(tracing, turn, isLone, span, messages, options);

    protected override void OnSent() => expected?.GiveUp();

    protected override void OnResume()
    {
        if (isOwnSpan && request!.Span is { IsStopped: false } span)
        {
            Activity.Current = span;
        }
    }

    protected override void OnArriving(ChatResponseUpdate update)
    {
    }

    protected override void OnArrived(ChatResponseUpdate update)
    {
    }

    protected override void OnAnswered(ChatResponse response)
    {
        expected?.GiveUp();
        request!.Complete(response);
        EndLone();
    }

    protected override void OnFailed(Exception? exception, string reason, ChatResponse partial)
    {
        expected?.GiveUp();
        request!.Fail(exception, reason, partial);
        EndLone();
    }

    private void EndLone()
    {
        if (isLone)
        {
            turn.End();
        }
    }
}
