using System.Globalization;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Records requests to models, each attempt apart, and what came of them.</summary>
internal sealed class RequestRecorder(ThreadTable threads, TurnRecorder turns)
{
    /// <summary>The id of a request in its rollout.</summary>
    /// <param name="span">Its span.</param>
    /// <param name="attempt">How often it has been tried before.</param>
    public static string IdOf(SpanKey span, string attempt) => DerivedId.Of("inference", span.TraceId, span.SpanId, attempt);

    /// <summary>The request went out. Whose it is may depend on what it shows.</summary>
    public void Start(SpanNode node)
    {
        if (node.HasStarted || node.In is not { } turn)
        {
            return;
        }

        turns.Ensure(turn, node);
        node.HasStarted = true;
        turn.HasRequests = true;
        var thread = turn.Thread!;
        var previous = Previous(node, thread);
        if (previous is null)
        {
            CompactionRecorder.Before(node);
        }

        var input = node.Reading.Chat!.Content.Input;
        node.History = previous is null ? input : [.. thread.History, .. input];
        thread.RunningRequests++;
        RecordStart(node, previous);
    }

    /// <summary>The request has ended, after as many attempts as there were HTTP requests that failed before the last one.</summary>
    /// <param name="node">The request.</param>
    /// <param name="time">When it was answered, where that was before its span ended.</param>
    public void End(SpanNode node, DateTimeOffset? time = null)
    {
        Start(node);
        var turn = node.In!;
        var thread = turn.Thread!;
        var http = node.Http.OrderBy(static attempt => attempt.Start).ToList();
        foreach (var attempt in http.Take(http.Count - 1).Where(static attempt => attempt.HasFailed))
        {
            Fail(node, attempt);
        }

        thread.RunningRequests = Math.Max(0, thread.RunningRequests - 1);
        threads.Saw(thread, node.Reading.Span.End ?? node.Reading.Span.Start);
        thread.Rollout!.LastSeen = thread.LastSeen;
        var chat = node.Reading.Chat!;
        turn.LastOutcome = chat.Outcome;
        turn.HasContent |= chat.Content.IsCaptured;
        switch (chat.Outcome.Status)
        {
            case ExecutionStatus.Completed:
                Complete(node, chat, thread, time);
                break;
            case ExecutionStatus.Cancelled:
                RecordPartial(node, (node.Id, Words: EventText.Why(chat.Outcome.Words, chat.Outcome.ErrorType)), static (r, reference) =>
                    new InferenceCancelledEvent { InferenceCallId = r.Id, Reason = r.Words, PartialResponsePayload = reference });
                break;
            default:
                RecordPartial(node, (node.Id, Words: EventText.Why(chat.Outcome.Words, chat.Outcome.ErrorType)), static (r, reference) =>
                    new InferenceFailedEvent { InferenceCallId = r.Id, Error = r.Words, PartialResponsePayload = reference });
                break;
        }
    }

    private void Complete(SpanNode node, ChatReading chat, KnownThread thread, DateTimeOffset? time)
    {
        var turn = node.In!;
        var rounds = AnswerRound.In(chat.Content.Output);
        RecordRounds(node, thread, rounds);
        thread.Rollout!.Rollout.Record(
            SpanContext.End(turn, node.Reading, time),
            PayloadKind.InferenceResponse,
            MappedPayloads.Response(node.Reading, rounds.Count > 0 ? rounds[^1].Answer : null),
            (node.Id, ResponseId: EventText.NameOrNull(chat.ResponseId)),
            static (r, reference) => new InferenceCompletedEvent { InferenceCallId = r.Id, ResponseId = r.ResponseId, ResponsePayload = reference });
        turn.LastAnswered = node;
        thread.Instructions = chat.Content.Instructions is { } instructions ? HistoryHash.OfText(instructions) : null;
        (thread.Told, thread.HadTools) = (chat.Content.Told, chat.Content.Tools is not null);
        var output = chat.Content.Output;
        threads.Unseen.Answered(thread, chat);
        threads.Answered(thread, [.. node.History, .. output], chat.ResponseId, node.Reading.Span);
        SaidInOne(thread, node, output);
        if (rounds.Count > 0)
        {
            AskFor(node, thread, rounds[^1]);
        }

        turn.Answer = output.LastOrDefault(static item => item is { Kind: ItemKind.Message, Role: "assistant" })?.Text ?? turn.Answer;
    }

    // All that a model has said since it was asked, around its calls.
    private void SaidInOne(KnownThread thread, SpanNode node, IReadOnlyList<ModelItem> output)
    {
        if (output is not [.., { Kind: ItemKind.Message }])
        {
            return;
        }

        var asked = node.History.ToList().FindLastIndex(static item => item is { Kind: ItemKind.Message, IsAnswer: false, IsCompared: true }) + 1;
        var said = node.History.Skip(asked).Concat(output).Where(static item => item is { Kind: ItemKind.Message, IsAnswer: true }).Select(static item => item.Text).ToList();
        if (said.Count > 1)
        {
            List<ModelItem> given = [.. node.History.Take(asked)];
            threads.SaidInOne(thread, string.Concat(said), node.History, given);
            threads.SaidInOne(thread, said[^1], given);
        }
    }

    // Where calls are carried out inside of what the span is about, it has all answers but the times and tokens of none but the last.
    private void RecordRounds(SpanNode node, KnownThread thread, IReadOnlyList<AnswerRound> rounds)
    {
        var chat = node.Reading.Chat!;
        var shown = chat.Content.Input.ToList();
        for (var i = 0; i < rounds.Count - 1; i++)
        {
            var round = rounds[i];
            thread.Rollout!.Rollout.Record(
                SpanContext.End(node.In!, node.Reading),
                PayloadKind.InferenceResponse,
                MappedPayloads.Response(round.Answer),
                node.Id,
                static (id, reference) => new InferenceCompletedEvent { InferenceCallId = id, ResponsePayload = reference });
            AskFor(node, thread, round);
            shown.AddRange([.. round.Answer, .. round.Outputs]);
            node.Attempt++;
            RecordStart(node, node.Previous, node.Reading.Span.End, shown);
        }

        if (rounds.Count > 1 && chat.Usage is not null)
        {
            SayUsage(node, thread);
        }
    }

    private static void SayUsage(SpanNode node, KnownThread thread) => thread.Rollout!.Rollout.Record(
        SpanContext.End(node.In!, node.Reading),
        PayloadKind.ProtocolEvent,
        """{"note":"the last request of this turn has the tokens of all of them: one span is around all"}"""u8.ToArray(),
        0,
        static (_, reference) => new ProtocolEventObservedEvent { EventType = "usage_of_several_requests", EventPayload = reference });

    private void AskFor(SpanNode node, KnownThread thread, AnswerRound round)
    {
        foreach (var call in round.Answer.Where(static item => item.Kind == ItemKind.Call))
        {
            var asked = new OpenCall(call, node.Key);
            if (round.Outputs.FirstOrDefault(output => output.CallId == call.CallId) is { } given)
            {
                UnseenCalls.Record(node.In!, asked, given, node.Reading.Span);
                continue;
            }

            thread.AddCall(asked);
            threads.Calls.Waits(thread, call, node.Reading);
        }
    }

    private static void RecordPartial<TState>(SpanNode node, TState state, Func<TState, PayloadReference?, RawEventPayload> create)
    {
        var rollout = node.In!.Thread!.Rollout!.Rollout;
        var context = SpanContext.End(node.In, node.Reading);
        if (node.Reading.Chat!.Content.Output.Count == 0)
        {
            rollout.Record(context, create(state, null));
        }
        else
        {
            rollout.Record(context, PayloadKind.InferenceResponse, MappedPayloads.Response(node.Reading), (state, create), static (s, reference) => s.create(s.state, reference));
        }
    }

    // The client tried again with the same request.
    private static void Fail(SpanNode node, HttpAttempt attempt)
    {
        var turn = node.In!;
        turn.Thread!.Rollout!.Rollout.Record(
            SpanContext.End(turn, node.Reading, attempt.End), new InferenceFailedEvent { InferenceCallId = node.Id, Error = EventText.Why(attempt.Error) });
        node.Attempt++;
        RecordStart(node, node.Previous, attempt.End);
    }

    private static void RecordStart(SpanNode node, string? previous, DateTimeOffset? time = null, IReadOnlyList<ModelItem>? items = null)
    {
        var turn = node.In!;
        var chat = node.Reading.Chat!;
        node.Previous = previous;
        node.Id = IdOf(node.Key, node.Attempt.ToString(CultureInfo.InvariantCulture));
        turn.Thread!.Rollout!.Rollout.Record(
            SpanContext.Start(turn, node.Reading, time),
            PayloadKind.InferenceRequest,
            MappedPayloads.Request(node.Reading, previous, items),
            (node.Id, Turn: turn, chat.Model, chat.Provider),
            static (r, reference) => new InferenceStartedEvent
            {
                InferenceCallId = r.Id,
                ThreadId = r.Turn.Thread!.ThreadId,
                CodexTurnId = r.Turn.TurnId,
                Model = EventText.Name(r.Model),
                ProviderName = EventText.Name(r.Provider),
                RequestPayload = reference,
            });
    }

    // A service that keeps the conversation is given what is new, by the response or by the conversation that it belongs to.
    private string? Previous(SpanNode node, KnownThread thread)
    {
        var chat = node.Reading.Chat!;
        if (chat.PreviousResponseId is { } told)
        {
            return told;
        }

        if (chat.ConversationId is not { } conversation)
        {
            return null;
        }

        if (threads.OfResponse(conversation) is not null || RequestIds.AreResponses(conversation))
        {
            return conversation;
        }

        var first = chat.Content.Input.FirstOrDefault(static item => item.IsCompared);
        var known = thread.History.FirstOrDefault(static item => item.IsCompared);
        return first is not null && known is not null && first.Hash != known.Hash && node.In!.Compactions.Count == 0 && !chat.IsCompacted
            && !CompactionRecorder.StartsWithSummary(chat.Content.Input, thread.History)
            ? thread.LastResponseId
            : null;
    }
}
