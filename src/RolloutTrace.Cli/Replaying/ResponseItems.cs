using System.Buffers;
using System.Text.Json;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli.Replaying;

/// <summary>
/// The items of an answer in the words of the Responses API: as they were recorded where that is the API's own form, with what it always has and recordings
/// may leave out (ids, states, annotations).
/// </summary>
internal static class ResponseItems
{
    private static readonly JsonElement NoAnnotations = JsonElement.Parse("[]");

    public static IReadOnlyList<JsonElement> Of(RecordedAnswer answer) => [.. answer.Items.Select((item, i) => Of(item, $"{answer.Request.Id}_{i}"))];

    private static JsonElement Of(AnswerItem item, string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ApiJson.Write(buffer, json =>
        {
            json.WriteStartObject();
            switch (item.Kind)
            {
                case AnswerItemKind.Message:
                    Begin(json, "message", item.Id ?? $"msg_{id}");
                    json.WriteString("role"u8, item.Role ?? "assistant");
                    WriteContent(json, item);
                    WriteRest(json, item, "type", "id", "status", "role", "content", "refusal", "tool_calls", "function_call", "reasoning_content", "parts", "finish_reason");
                    break;
                case AnswerItemKind.Call:
                    Begin(json, "function_call", OfOwn(item) ?? $"fc_{id}");
                    json.WriteString("call_id"u8, item.CallId ?? $"call_{id}");
                    json.WriteString("name"u8, item.Name);
                    json.WriteString("arguments"u8, item.Text);
                    WriteRest(json, item, "type", "id", "status", "call_id", "name", "arguments", "function", "input", "args", "functionCall");
                    break;
                case AnswerItemKind.CustomCall:
                    Begin(json, "custom_tool_call", OfOwn(item) ?? $"ctc_{id}");
                    json.WriteString("call_id"u8, item.CallId ?? $"call_{id}");
                    json.WriteString("name"u8, item.Name);
                    json.WriteString("input"u8, item.Text);
                    WriteRest(json, item, "type", "id", "status", "call_id", "name", "input", "custom");
                    break;
                case AnswerItemKind.Reasoning:
                    WriteReasoning(json, item, id);
                    break;
                default:
                    WriteRest(json, item);
                    break;
            }

            json.WriteEndObject();
        });
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Begin(Utf8JsonWriter json, string type, string id)
    {
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, type);
        json.WriteString("status"u8, "completed");
    }

    // In other APIs the id of a call is the one by which its output names it.
    private static string? OfOwn(AnswerItem item) => item.Id == item.CallId ? null : item.Id;

    private static void WriteContent(Utf8JsonWriter json, AnswerItem item)
    {
        json.WriteStartArray("content"u8);
        foreach (var part in item.Parts)
        {
            if (part.Text is null)
            {
                json.WriteRawValue(part.Json!, skipInputValidation: true);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("type"u8, part.IsRefusal ? "refusal" : "output_text");
            json.WriteString(part.IsRefusal ? "refusal"u8 : "text"u8, part.Text);
            if (!part.IsRefusal)
            {
                json.WritePropertyName("annotations"u8);
                NoAnnotations.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReasoning(Utf8JsonWriter json, AnswerItem item, string id)
    {
        var isOwn = JsonText.MemberOrNull(JsonElement.Parse(item.Json), "type") == "reasoning" && JsonText.Member(JsonElement.Parse(item.Json), "summary").ValueKind == JsonValueKind.Array;
        json.WriteString("id"u8, item.Id ?? $"rs_{id}");
        if (isOwn)
        {
            WriteRest(json, item, "id");
            return;
        }

        json.WriteString("type"u8, "reasoning");
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        json.WriteStartArray("content"u8);
        foreach (var part in item.Parts.Where(static part => part.Text is not null))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "reasoning_text");
            json.WriteString("text"u8, part.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (item.Encrypted is not null)
        {
            json.WriteString("encrypted_content"u8, item.Encrypted);
        }
    }

    // What the API has of an item beside what it always has. Of another API's item, that has gone into the members above.
    private static void WriteRest(Utf8JsonWriter json, AnswerItem item, params ReadOnlySpan<string> written)
    {
        var recorded = JsonElement.Parse(item.Json);
        if (recorded.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in recorded.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (!written.Contains(name))
            {
                json.WritePropertyName(name);
                member.Value.WriteTo(json);
            }
        }
    }
}
