using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Writes model requests, compactions and their requests.</summary>
internal sealed class OwnRequests(ImportedBundle bundle, IReadOnlyDictionary<string, OwnSpan> spans, OwnThreads threads)
{
    private const string Unknown = "unknown";

    private readonly OwnItems items = new();
    private readonly Dictionary<string, List<HistoryItem>> histories = new(StringComparer.Ordinal);

    /// <summary>A span starts or ends.</summary>
    /// <returns>Whether it is one of these.</returns>
    public bool Take(OwnSpan span, in RolloutEventContext context, bool isEnd)
    {
        if (span.Text(RolloutAttributes.Compaction.Id) is { } compactionId)
        {
            if (span.Text(RolloutAttributes.Compaction.RequestId) is { } requestId)
            {
                CompactionRequest(span, context, isEnd, compactionId, requestId);
            }
            else if (isEnd && span.Text(RolloutAttributes.Compaction.Installed) == "true")
            {
                Install(span, context, compactionId);
            }

            return true;
        }

        if (span.Text(RolloutAttributes.Inference.Id) is not { } id)
        {
            return false;
        }

        if (isEnd)
        {
            End(span, context, id);
        }
        else
        {
            Start(span, context, id);
        }

        return true;
    }

    private void Start(OwnSpan span, in RolloutEventContext context, string id)
    {
        Deliver(span, context);
        var seen = items.Of(span.Json(RolloutAttributes.GenAI.InputMessages, JsonValueKind.Array), span.ThreadId!);
        histories[span.ThreadId!] = seen;
        bundle.Record(context, PayloadKind.InferenceRequest, RequestOf(span, seen), (span, id), static (s, reference) => new InferenceStartedEvent
        {
            InferenceCallId = s.id,
            ThreadId = s.span.ThreadId!,
            CodexTurnId = s.span.TurnId!,
            Model = s.span.Text(RolloutAttributes.GenAI.RequestModel) ?? Unknown,
            ProviderName = s.span.Text(RolloutAttributes.GenAI.ProviderName) ?? Unknown,
            RequestPayload = reference,
        });
    }

    private void End(OwnSpan span, in RolloutEventContext context, string id)
    {
        var answered = items.Of(span.Json(RolloutAttributes.GenAI.OutputMessages, JsonValueKind.Array), span.ThreadId!);
        histories.GetValueOrDefault(span.ThreadId!)?.AddRange(answered);
        var upstream = span.Text(RolloutAttributes.UpstreamRequestId);
        var response = ResponseOf(span, answered);
        RawEventPayload Ended(PayloadReference reference) => span.Status switch
        {
            ExecutionStatus.Completed => new InferenceCompletedEvent { InferenceCallId = id, ResponseId = span.Text(RolloutAttributes.GenAI.ResponseId), UpstreamRequestId = upstream, ResponsePayload = reference },
            ExecutionStatus.Failed => new InferenceFailedEvent { InferenceCallId = id, UpstreamRequestId = upstream, Error = span.Span.StatusDescription ?? span.Text("error.type") ?? Unknown, PartialResponsePayload = reference },
            _ => new InferenceCancelledEvent { InferenceCallId = id, UpstreamRequestId = upstream, Reason = span.Text(RolloutAttributes.Cancel.Reason) ?? Unknown, PartialResponsePayload = reference },
        };
        bundle.Record(context, PayloadKind.InferenceResponse, response, state: 0, (_, reference) => Ended(reference));
    }

    private void CompactionRequest(OwnSpan span, in RolloutEventContext context, bool isEnd, string id, string requestId)
    {
        if (!isEnd)
        {
            // It shows what the last request did not yet: the outputs of the calls that this asked for.
            var seen = items.Of(span.Json(RolloutAttributes.GenAI.InputMessages, JsonValueKind.Array), span.ThreadId!);
            histories[span.ThreadId!] = seen.Count > 0 ? seen : histories.GetValueOrDefault(span.ThreadId!) ?? [];
            bundle.Record(context, PayloadKind.CompactionRequest, RequestOf(span, seen), (span, id, requestId), static (s, reference) => new CompactionRequestStartedEvent
            {
                CompactionId = s.id,
                CompactionRequestId = s.requestId,
                ThreadId = s.span.ThreadId!,
                CodexTurnId = s.span.TurnId!,
                Model = s.span.Text(RolloutAttributes.GenAI.RequestModel) ?? Unknown,
                ProviderName = s.span.Text(RolloutAttributes.GenAI.ProviderName) ?? Unknown,
                RequestPayload = reference,
            });
        }
        else if (span.Status == ExecutionStatus.Completed)
        {
            var answered = items.Of(span.Json(RolloutAttributes.GenAI.OutputMessages, JsonValueKind.Array), span.ThreadId!);
            bundle.Record(context, PayloadKind.CompactionResponse, ResponseOf(span, answered), (id, requestId), static (s, reference) =>
                new CompactionRequestCompletedEvent { CompactionId = s.id, CompactionRequestId = s.requestId, ResponsePayload = reference });
        }
        else
        {
            bundle.Record(context, new CompactionRequestFailedEvent { CompactionId = id, CompactionRequestId = requestId, Error = span.Span.StatusDescription ?? span.Text("error.type") ?? Unknown });
        }
    }

    // The first request behind it begins with what it left.
    private void Install(OwnSpan span, in RolloutEventContext context, string id)
    {
        var next = spans.Values
            .Where(other => other.ThreadId == span.ThreadId && other.Has(RolloutAttributes.Inference.Id) && other.Span.Start >= span.Span.End)
            .MinBy(static other => other.Span.Start);
        var after = items.Of(next?.Json(RolloutAttributes.GenAI.InputMessages, JsonValueKind.Array), span.ThreadId!);
        var record = new CompactionRecord
        {
            Time = 0,
            Replacement = next is null ? null : [.. after.Take((int)Math.Min(int.MaxValue, span.Number(RolloutAttributes.Compaction.ReplacementItems)))],
        };
        bundle.Record(context, PayloadKind.CompactionCheckpoint, record.Checkpoint(histories.GetValueOrDefault(span.ThreadId!) ?? []), id, static (id, reference) =>
            new CompactionInstalledEvent { CompactionId = id, CheckpointPayload = reference });
    }

    // What other agents sent is in this request first.
    private void Deliver(OwnSpan span, in RolloutEventContext context)
    {
        foreach (var turn in span.Linked("agent_result").Select(spans.GetValueOrDefault).OfType<OwnSpan>().Where(static turn => turn.TurnId is not null && turn.ThreadId is not null))
        {
            var message = LastWords(turn);
            var path = threads.PathOf(turn.ThreadId!);
            items.FromAgents[(span.ThreadId!, message)] = (path, threads.PathOf(span.ThreadId!));
            bundle.Record(context, new AgentResultObservedEvent
            {
                EdgeId = ObjectIds.AgentResultEdge(turn.ThreadId!, turn.TurnId!, span.ThreadId!),
                ChildThreadId = turn.ThreadId!,
                ChildCodexTurnId = turn.TurnId!,
                ParentThreadId = span.ThreadId!,
                Message = message,
            });
        }

        foreach (var sender in span.Linked("send_message").Concat(span.Linked("assign_agent_task")).Select(spans.GetValueOrDefault).OfType<OwnSpan>().Where(static sender => sender.ThreadId is not null))
        {
            if (OwnTools.MessageOf(sender) is { } message)
            {
                items.FromAgents[(span.ThreadId!, message)] = (threads.PathOf(sender.ThreadId!), threads.PathOf(span.ThreadId!));
            }
        }
    }

    private string LastWords(OwnSpan turn)
    {
        var last = spans.Values
            .Where(span => span.TurnId == turn.TurnId && span.Has(RolloutAttributes.Inference.Id))
            .MaxBy(static span => span.Span.Start);
        return string.Concat(OtlpJson.Entries(last?.Json(RolloutAttributes.GenAI.OutputMessages, JsonValueKind.Array) ?? default)
            .SelectMany(static message => OtlpJson.Entries(JsonText.Member(message, "parts")))
            .Where(static part => JsonText.MemberOrNull(part, "type") == "text")
            .Select(static part => ToolUse.TextOf(JsonText.Member(part, "content"))));
    }

    private static JsonPayload RequestOf(OwnSpan span, IEnumerable<HistoryItem> seen) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", span.Text(RolloutAttributes.GenAI.RequestModel) ?? Unknown);
        if (span.Text(RolloutAttributes.GenAI.RequestPreviousResponseId) is { } previous)
        {
            json.WriteString("previous_response_id", previous);
        }

        json.WriteItems("input", seen);
        WriteAttributes(json, span, static name => !IsOfResponse(name));
        json.WriteEndObject();
    });

    private static JsonPayload ResponseOf(OwnSpan span, IEnumerable<HistoryItem> answered) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        json.WriteString("response_id", span.Text(RolloutAttributes.GenAI.ResponseId));
        if (span.Has(RolloutAttributes.GenAI.UsageInputTokens) || span.Has(RolloutAttributes.GenAI.UsageOutputTokens))
        {
            json.WriteUsage(new TokenUsage(
                span.Number(RolloutAttributes.GenAI.UsageInputTokens),
                span.Number(RolloutAttributes.GenAI.UsageOutputTokens),
                span.Number(RolloutAttributes.GenAI.UsageCacheReadInputTokens),
                span.Number(RolloutAttributes.GenAI.UsageCacheWriteInputTokens),
                span.Number(RolloutAttributes.GenAI.UsageReasoningOutputTokens)));
        }

        json.WriteItems("output_items", answered);
        WriteAttributes(json, span, IsOfResponse);
        json.WriteEndObject();
    });

    private static bool IsOfResponse(string name) => name.StartsWith("gen_ai.response.", StringComparison.Ordinal) || name.StartsWith("gen_ai.usage.", StringComparison.Ordinal) || name.StartsWith("gen_ai.output.", StringComparison.Ordinal);

    private static void WriteAttributes(Utf8JsonWriter json, OwnSpan span, Predicate<string> fits)
    {
        json.WriteStartObject("gen_ai");
        foreach (var name in span.Names.Where(name => fits(name)))
        {
            json.WriteString(name, span.Text(name));
        }

        json.WriteEndObject();
    }
}
