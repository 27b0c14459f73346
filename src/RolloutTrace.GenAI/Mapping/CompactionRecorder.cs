using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Records compactions: what a history was, and what took its place, once a request shows it.</summary>
internal static class CompactionRecorder
{
    private const int LooksAt = 3;
    private const int LooksAtCharacters = 300;

    /// <summary>The compaction that a request is made for; null if it is none's.</summary>
    public static SpanNode? Above(SpanNode request)
    {
        for (var above = request.Parent; above is not null && above.Turn is null && above.Role is not SpanRole.Tool; above = above.Parent)
        {
            if (above.Role == SpanRole.Compaction)
            {
                return above;
            }
        }

        return null;
    }

    /// <summary>A request of the compaction's own went out, and has ended.</summary>
    public static void Record(SpanNode request)
    {
        if (!request.HasStarted)
        {
            var compactionId = IdOf(request);
            StartRequest(request, compactionId);
            EndRequest(request, compactionId);
        }
    }

    /// <summary>The compaction that a request is made for; of one that no span is around, its own.</summary>
    public static string IdOf(SpanNode request)
    {
        if (Above(request) is not { } compaction)
        {
            return DerivedId.Of("compaction", request.Key.TraceId, request.Key.SpanId);
        }

        EnsureId(compaction);
        return compaction.Id;
    }

    private static void StartRequest(SpanNode request, string compactionId)
    {
        var turn = request.In!;
        request.HasStarted = true;
        request.Id = DerivedId.Of("compaction_request", request.Key.TraceId, request.Key.SpanId);
        var chat = request.Reading.Chat!;
        turn.Thread!.Rollout!.Rollout.Record(
            SpanContext.Start(turn, request.Reading),
            PayloadKind.CompactionRequest,
            MappedPayloads.Request(request.Reading, previousResponseId: null),
            (Compaction: compactionId, Request: request.Id, Turn: turn, chat.Model, chat.Provider),
            static (r, reference) => new CompactionRequestStartedEvent
            {
                CompactionId = r.Compaction,
                CompactionRequestId = r.Request,
                ThreadId = r.Turn.Thread!.ThreadId,
                CodexTurnId = r.Turn.TurnId,
                Model = EventText.Name(r.Model),
                ProviderName = EventText.Name(r.Provider),
                RequestPayload = reference,
            });
    }

    private static void EndRequest(SpanNode request, string compactionId)
    {
        var turn = request.In!;
        var outcome = request.Reading.Chat!.Outcome;
        var context = SpanContext.End(turn, request.Reading);
        var rollout = turn.Thread!.Rollout!.Rollout;
        if (outcome.Status == ExecutionStatus.Completed)
        {
            rollout.Record(
                context,
                PayloadKind.CompactionResponse,
                MappedPayloads.Response(request.Reading),
                (Compaction: compactionId, Request: request.Id),
                static (r, reference) => new CompactionRequestCompletedEvent { CompactionId = r.Compaction, CompactionRequestId = r.Request, ResponsePayload = reference });
        }
        else
        {
            rollout.Record(context, new CompactionRequestFailedEvent { CompactionId = compactionId, CompactionRequestId = request.Id, Error = EventText.Why(outcome.Words, outcome.ErrorType) });
        }
    }

    /// <summary>A whole request is about to be recorded: if its history was made shorter, that is recorded before it.</summary>
    public static void Before(SpanNode request)
    {
        var turn = request.In!;
        var thread = turn.Thread!;
        var chat = request.Reading.Chat!;
        var input = chat.Content.Input;
        var summary = thread.Summary is { } made && made.IsIn(input) ? made : (Summary?)null;
        var isSaid = turn.Compactions.Count > 0 || chat.IsCompacted || summary is not null;
        if (chat.Content.InputDefect is not null && !isSaid)
        {
            // What is missing of it is not known to have been left out.
            return;
        }

        var begins = BeginsWith(input, thread.History);
        if (!isSaid && (thread.History.Count == 0 || begins || !(StartsWithSummary(input, thread.History) || LeavesOutMessages(input, thread.History))))
        {
            return;
        }

        var compaction = turn.Compactions.Count > 0 ? turn.Compactions[^1] : null;
        turn.Compactions.Clear();
        if (input.Count > 0 && thread.History.Count > 0 && begins)
        {
            // It is said, and nothing has changed.
            return;
        }

        if (compaction is not null)
        {
            EnsureId(compaction);
        }

        if (summary is not null)
        {
            thread.Summary = null;
        }

        var id = compaction?.Id ?? summary?.CompactionId ?? DerivedId.Of("compaction", request.Key.TraceId, request.Key.SpanId);
        var replacement = input.Take(input.Count - NewItems(turn, input, thread.History)).ToList();
        var reading = compaction?.Reading;
        thread.Rollout!.Rollout.Record(
            SpanContext.End(turn, reading ?? request.Reading, reading is null ? request.Reading.Span.Start : null),
            PayloadKind.CompactionCheckpoint,
            MappedPayloads.Checkpoint(thread.History, replacement, reading),
            id,
            static (compactionId, reference) => new CompactionInstalledEvent { CompactionId = compactionId, CheckpointPayload = reference });
        thread.History = [];
    }

    /// <summary>Whether one of the first items is new and says that it sums something up.</summary>
    public static bool StartsWithSummary(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        for (var i = 0; i < input.Count && i < LooksAt; i++)
        {
            var item = input[i];
            if (item.Kind == ItemKind.Message
                && item.Text.AsSpan(0, Math.Min(item.Text.Length, LooksAtCharacters)).Contains("summar", StringComparison.OrdinalIgnoreCase)
                && !history.Any(known => known.Hash == item.Hash))
            {
                return true;
            }
        }

        return false;
    }

    // Programs that keep only what was said leave out calls each time.
    private static bool LeavesOutMessages(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history) =>
        ShorterHistory.Of(input, history)?.Any(static item => item.Kind == ItemKind.Message) == true;

    private static void EnsureId(SpanNode compaction) =>
        compaction.Id = compaction.Id.Length > 0 ? compaction.Id : DerivedId.Of("compaction", compaction.Key.TraceId, compaction.Key.SpanId);

    private static bool BeginsWith(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        var compared = history.Where(static item => item.IsCompared).ToList();
        return input.Where(static item => item.IsCompared).Take(compared.Count).Select(static item => item.Hash).SequenceEqual(compared.Select(static item => item.Hash));
    }

    // What the turn itself adds was not there to be made shorter.
    private static int NewItems(TurnState turn, IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> history)
    {
        var asked = turn.Node?.Role == SpanRole.Agent ? turn.Node.Reading.Agent.Content.Input : [];
        if (asked.Count > 0 && asked.Count < input.Count && input.Skip(input.Count - asked.Count).Select(static item => item.Hash).SequenceEqual(asked.Select(static item => item.Hash)))
        {
            return asked.Count;
        }

        var known = history.Select(static item => item.Hash).ToHashSet();
        var added = 0;
        while (added < input.Count - 1 && input[^(added + 1)] is { Kind: ItemKind.Output } or { Kind: ItemKind.Message, Role: "user" } && !known.Contains(input[^(added + 1)].Hash))
        {
            added++;
        }

        return added;
    }
}
