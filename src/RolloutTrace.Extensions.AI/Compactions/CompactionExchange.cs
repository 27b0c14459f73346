using System.Diagnostics;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;
using RolloutTrace.Extensions.AI.Conversations;
using RolloutTrace.Extensions.AI.Requests;

namespace RolloutTrace.Extensions.AI.Compactions;

/// <summary>A request for a summary of a history, which is no part of the conversation itself.</summary>
internal sealed class CompactionExchange : TracedExchange
{
    private readonly TracedCompaction compaction;
    private readonly TracedTurn turn;
    private readonly bool isLone;
    private readonly ExpectedSpan? expected;
    private readonly bool isOwnSpan;
    private RecordedRequest<CompactionRequest>? request;

    public CompactionExchange(
        ChatTracing tracing, TracedCompaction compaction, TracedTurn turn, bool isLone, Activity? span, ChatMessage[] messages, ChatOptions? options)
    {
        this.compaction = compaction;
        this.turn = turn;
        this.isLone = isLone;
        if (span is null && tracing.ExpectsSpan)
        {
            expected = new ExpectedSpan(SpanNames.Chat, found => request = Start(tracing, messages, options, new() { Span = found, HasNoSpan = found is null }));
            expected.Expect();
        }
        else
        {
            isOwnSpan = span is null;
            request = Start(tracing, messages, options, new() { Span = span });
        }
    }

    protected override void OnSent() => expected?.GiveUp();

    protected override void OnResume()
    {
        if (isOwnSpan && request!.Attempt?.Activity is { IsStopped: false } span)
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
        compaction.Summarised(response.Text);
        turn.Conversation.Summary = MessageKey.SetOf([new ChatMessage(ChatRole.Assistant, response.Text)]);
        EndLone();
    }

    protected override void OnFailed(Exception? exception, string reason, ChatResponse partial)
    {
        expected?.GiveUp();
        request!.Fail(exception, reason, partial);
        compaction.NotSummarised(exception);
        if (isLone)
        {
            turn.NotAnswered(exception);
        }

        EndLone();
    }

    private RecordedRequest<CompactionRequest> Start(ChatTracing tracing, ChatMessage[] messages, ChatOptions? options, ModelRequestOptions span)
    {
        var isFirst = true;
        return new RecordedRequest<CompactionRequest>(
            json =>
            {
                var own = isFirst || (span.Span is null && !span.HasNoSpan) ? span : new ModelRequestOptions { HasNoSpan = true };
                isFirst = false;
                return compaction.Handle.StartRequest(json, own with { ProviderName = tracing.ProviderName });
            },
            () => RequestWriter.Write(messages, options, tracing.ModelOf(options), previousResponseId: null),
            tracing.Options.FromWire);
    }

    private void EndLone()
    {
        if (isLone)
        {
            turn.End();
        }
    }
}
