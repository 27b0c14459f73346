using System.Text.Json;
using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Cli.Replaying;

/// <summary>The response of the Responses API.</summary>
internal static class ResponseObject
{
    public static void Write(Utf8JsonWriter json, RecordedAnswer answer, string status, IReadOnlyList<JsonElement> items)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, answer.ResponseId ?? $"resp_{answer.Request.Id}");
        json.WriteString("object"u8, "response");
        json.WriteNumber("created_at"u8, answer.Request.Execution.StartedAtUnixMs / 1000);
        json.WriteString("status"u8, status);
        WriteError(json, answer, status);
        WriteWhy(json, answer, status);
        json.WriteNull("instructions"u8);
        json.WriteString("model"u8, answer.Model);
        json.WriteStartArray("output"u8);
        foreach (var item in items)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, true);
        json.WriteString("previous_response_id"u8, answer.Request.Previous);
        json.WriteString("tool_choice"u8, "auto");
        json.WriteStartArray("tools"u8);
        json.WriteEndArray();
        WriteUsage(json, status == "in_progress" ? null : answer.Usage);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, RecordedAnswer answer, string status)
    {
        if (status != "failed")
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "server_error");
        json.WriteString("message"u8, answer.Error);
        json.WriteEndObject();
    }

    private static void WriteWhy(Utf8JsonWriter json, RecordedAnswer answer, string status)
    {
        if (status != "incomplete")
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, answer.FinishReason == "length" ? "max_output_tokens" : "content_filter");
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
        json.WriteNumber("input_tokens"u8, used.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, used.CachedInputTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, used.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, used.ReasoningOutputTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, used.InputTokens + used.OutputTokens);
        json.WriteEndObject();
    }
}
