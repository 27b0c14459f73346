using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli.Replaying;

/// <summary>Answers in the words of the Chat Completions API.</summary>
internal sealed class ChatCompletionsApi : IReplayedApi
{
    public void Write(Utf8JsonWriter json, RecordedAnswer answer)
    {
        Begin(json, answer, "chat.completion");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, answer);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, ReasonOf(answer));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, answer.Usage);
        json.WriteEndObject();
    }

    public async Task Stream(JsonElement request, RecordedAnswer answer, HttpResponse response, Func<int, Task> wait, CancellationToken cancellation)
    {
        var stream = new SseStream(response, cancellation);
        stream.Begin();
        var deltas = Deltas(answer).ToList();
        foreach (var delta in deltas)
        {
            await wait(deltas.Count).ConfigureAwait(false);
            await stream.Send(null, json => WriteChunk(json, answer, delta, reason: null)).ConfigureAwait(false);
        }

        if (answer.Status == AnswerStatus.Failed)
        {
            await stream.Send(null, json => ApiJson.WriteError(json, answer.Error, "server_error", "replayed_failure")).ConfigureAwait(false);
        }

        if (answer.Status != AnswerStatus.Completed)
        {
            return;
        }

        await stream.Send(null, json => WriteChunk(json, answer, static _ => { }, ReasonOf(answer))).ConfigureAwait(false);
        if (JsonText.Member(JsonText.Member(request, "stream_options"), "include_usage").ValueKind == JsonValueKind.True)
        {
            await stream.Send(null, json =>
            {
                Begin(json, answer, "chat.completion.chunk");
                json.WriteStartArray("choices"u8);
                json.WriteEndArray();
                WriteUsage(json, answer.Usage);
                json.WriteEndObject();
            }).ConfigureAwait(false);
        }

        await stream.Done().ConfigureAwait(false);
    }

    private static void Begin(Utf8JsonWriter json, RecordedAnswer answer, string what)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, answer.ResponseId ?? $"chatcmpl-{answer.Request.Id}");
        json.WriteString("object"u8, what);
        json.WriteNumber("created"u8, answer.Request.Execution.StartedAtUnixMs / 1000);
        json.WriteString("model"u8, answer.Model);
    }

    private static void WriteMessage(Utf8JsonWriter json, RecordedAnswer answer)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant");
        json.WriteString("content"u8, Joined(answer, static part => !part.IsRefusal));
        json.WriteString("refusal"u8, Joined(answer, static part => part.IsRefusal));
        if (Thoughts(answer) is { Length: > 0 } thoughts)
        {
            json.WriteString("reasoning_content"u8, thoughts);
        }

        var calls = Calls(answer);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
            {
                json.WriteStartObject();
                WriteCall(json, call, call.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<Action<Utf8JsonWriter>> Deltas(RecordedAnswer answer)
    {
        yield return static json =>
        {
            json.WriteString("role"u8, "assistant");
            json.WriteString("content"u8, "");
        };
        var number = 0;
        foreach (var item in answer.Items)
        {
            if (item.Kind is AnswerItemKind.Call or AnswerItemKind.CustomCall)
            {
                var index = number++;
                yield return json => WriteCallDelta(json, index, () => WriteCall(json, item, ""));
                foreach (var piece in Pieces.Of(item.Text).Where(static piece => piece.Length > 0))
                {
                    yield return json => WriteCallDelta(json, index, () => WriteGiven(json, item, piece));
                }

                continue;
            }

            var isThought = item.Kind == AnswerItemKind.Reasoning;
            foreach (var part in item.Kind is AnswerItemKind.Message || isThought ? item.Parts : [])
            {
                foreach (var piece in Pieces.Of(part.Text ?? "").Where(static piece => piece.Length > 0))
                {
                    yield return json => json.WriteString(isThought ? "reasoning_content" : part.IsRefusal ? "refusal" : "content", piece);
                }
            }
        }
    }

    private static void WriteChunk(Utf8JsonWriter json, RecordedAnswer answer, Action<Utf8JsonWriter> delta, string? reason)
    {
        Begin(json, answer, "chat.completion.chunk");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, reason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCallDelta(Utf8JsonWriter json, int index, Action write)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        write();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, AnswerItem call, string given)
    {
        json.WriteString("id"u8, call.CallId ?? $"call_{call.Name}");
        json.WriteString("type"u8, call.Kind == AnswerItemKind.CustomCall ? "custom" : "function");
        json.WriteStartObject(call.Kind == AnswerItemKind.CustomCall ? "custom"u8 : "function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString(call.Kind == AnswerItemKind.CustomCall ? "input"u8 : "arguments"u8, given);
        json.WriteEndObject();
    }

    private static void WriteGiven(Utf8JsonWriter json, AnswerItem call, string piece)
    {
        json.WriteStartObject(call.Kind == AnswerItemKind.CustomCall ? "custom"u8 : "function"u8);
        json.WriteString(call.Kind == AnswerItemKind.CustomCall ? "input"u8 : "arguments"u8, piece);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is not { } used)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, used.InputTokens);
        json.WriteNumber("completion_tokens"u8, used.OutputTokens);
        json.WriteNumber("total_tokens"u8, used.InputTokens + used.OutputTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, used.CachedInputTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, used.ReasoningOutputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The API has these words and no others.
    private static string ReasonOf(RecordedAnswer answer) =>
        answer.FinishReason is "stop" or "length" or "tool_calls" or "content_filter" ? answer.FinishReason
        : Calls(answer).Count > 0 ? "tool_calls"
        : "stop";

    private static List<AnswerItem> Calls(RecordedAnswer answer) => [.. answer.Items.Where(static item => item.Kind is AnswerItemKind.Call or AnswerItemKind.CustomCall)];

    private static string? Joined(RecordedAnswer answer, Func<AnswerPart, bool> isOne)
    {
        var texts = answer.Items.Where(static item => item.Kind == AnswerItemKind.Message).SelectMany(static item => item.Parts).Where(part => part.Text is not null && isOne(part)).ToList();
        return texts.Count == 0 ? null : string.Concat(texts.Select(static part => part.Text));
    }

    private static string Thoughts(RecordedAnswer answer) =>
        string.Join('\n', answer.Items.Where(static item => item.Kind == AnswerItemKind.Reasoning).SelectMany(static item => item.Parts).Select(static part => part.Text));
}
