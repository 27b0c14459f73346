using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Spans;

/// <summary>Writes a rollout from its spans, in the order of their starts and ends.</summary>
internal sealed class OwnRollout(ImportedBundle bundle, IReadOnlyDictionary<string, OwnSpan> spans)
{
    private readonly OwnThreads threads = new(bundle, spans);
    private readonly HashSet<string> turns = new(StringComparer.Ordinal);

    /// <summary>Writes it.</summary>
    public void Write()
    {
        var ranks = spans.Values
            .Where(static span => span.TurnId is not null)
            .GroupBy(static span => span.TurnId!, StringComparer.Ordinal)
            .OrderBy(static turn => turn.Min(static span => span.Span.Start))
            .ThenBy(static turn => turn.Min(static span => PlaceOf(span, isEnd: false)))
            .Select(static (turn, rank) => (turn.Key, rank))
            .ToDictionary(static entry => entry.Key, static entry => entry.rank, StringComparer.Ordinal);
        var moments = spans.Values
            .SelectMany(static span => span.IsUnfinished ? [(span, span.Span.Start, IsEnd: false)] : new[] { (span, span.Span.Start, IsEnd: false), (span, span.Span.End!.Value, IsEnd: true) })
            .OrderBy(static moment => moment.Item2)
            .ThenBy(moment => moment.span.TurnId is { } turn ? ranks[turn] : moment.IsEnd ? int.MaxValue : -1)
            .ThenBy(static moment => PlaceOf(moment.span, moment.IsEnd))
            .ThenBy(static moment => moment.span.Span.SpanId, StringComparer.Ordinal);
        var (requests, tools) = (new OwnRequests(bundle, spans, threads), new OwnTools(bundle, spans, threads));
        foreach (var (span, time, isEnd) in moments)
        {
            if (span.ThreadId is null)
            {
                continue;
            }

            var context = new RolloutEventContext(span.ThreadId, span.TurnId, Span: null)
            {
                WallTimeUnixMs = Math.Max(0, time.ToUnixTimeMilliseconds()),
                ForeignSpan = new EventSpan { TraceId = span.Span.TraceId, SpanId = span.Span.SpanId, ParentSpanId = isEnd ? null : span.Span.ParentSpanId },
            };
            Write(span, context, isEnd, requests, tools);
        }
    }

    private void Write(OwnSpan span, RolloutEventContext context, bool isEnd, OwnRequests requests, OwnTools tools)
    {
        if (span.Has(RolloutAttributes.Thread.Origin))
        {
            threads.Take(span, context, isEnd);
            return;
        }

        threads.Ensure(span.ThreadId!, context);
        if (span.TurnId is null)
        {
            return;
        }

        var isTurn = span.Text(RolloutAttributes.GenAI.OperationName) == "invoke_agent";
        if (isTurn && isEnd)
        {
            bundle.Record(context, new CodexTurnEndedEvent { CodexTurnId = span.TurnId, Status = span.Status });
            return;
        }

        // A turn whose span is missing was there all the same.
        if (turns.Add(span.TurnId))
        {
            bundle.Record(context, new CodexTurnStartedEvent { CodexTurnId = span.TurnId, ThreadId = span.ThreadId! });
        }

        if (!isTurn && !requests.Take(span, context, isEnd))
        {
            tools.Take(span, context, isEnd);
        }
    }

    // Of what happened at one time, payloads tell the order: they were numbered as they were written.
    private static int PlaceOf(OwnSpan span, bool isEnd)
    {
        if (span.Text(isEnd ? RolloutAttributes.Payload.Response : RolloutAttributes.Payload.Request) is { } path
            && int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var isTurn = span.Text(RolloutAttributes.GenAI.OperationName) == "invoke_agent";
        return (isTurn, isEnd) switch
        {
            (true, false) => -1,
            (true, true) => int.MaxValue,
            (false, false) => int.MaxValue - 2,
            (false, true) => int.MaxValue - 1,
        };
    }
}
