using System.Text.Json;
using RolloutTrace.Replay.Answers;
using RolloutTrace.Wire;

namespace RolloutTrace.Cli.Replaying;

/// <summary>The events by which the Responses API tells an item: that it begins, what it says piece by piece, and the whole.</summary>
internal static class ResponseItemEvents
{
    public static IEnumerable<(string Name, Action<Utf8JsonWriter> Write)> Of(JsonElement item, int index)
    {
        var id = JsonText.MemberOrNull(item, "id") ?? "";
        var type = JsonText.MemberOrNull(item, "type");
        yield return ("response.output_item.added", json =>
        {
            json.WriteNumber("output_index"u8, index);
            json.WritePropertyName("item"u8);
            WriteBegun(json, item);
        });
        var told = type switch
        {
            "message" => OfParts(item, id, index),
            "function_call" => OfText(item, "arguments", "response.function_call_arguments", id, index),
            "custom_tool_call" => OfText(item, "input", "response.custom_tool_call_input", id, index),
            _ => [],
        };
        foreach (var one in told)
        {
            yield return one;
        }

        yield return ("response.output_item.done", json =>
        {
            json.WriteNumber("output_index"u8, index);
            json.WritePropertyName("item"u8);
            item.WriteTo(json);
        });
    }

    private static IEnumerable<(string Name, Action<Utf8JsonWriter> Write)> OfParts(JsonElement item, string id, int index)
    {
        var number = 0;
        foreach (var part in JsonText.Member(item, "content").EnumerateArray())
        {
            var place = number++;
            var isRefusal = JsonText.MemberOrNull(part, "type") == "refusal";
            var (event_, member) = isRefusal ? ("response.refusal", "refusal") : ("response.output_text", "text");
            yield return ("response.content_part.added", json =>
            {
                At(json, id, index, place);
                json.WriteStartObject("part"u8);
                json.WriteString("type"u8, isRefusal ? "refusal" : "output_text");
                json.WriteString(member, "");
                if (!isRefusal)
                {
                    json.WriteStartArray("annotations"u8);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            });
            var text = JsonText.Read(JsonText.Member(part, member), out _) ?? "";
            foreach (var piece in Pieces.Of(text).Where(static piece => piece.Length > 0))
            {
                yield return ($"{event_}.delta", json =>
                {
                    At(json, id, index, place);
                    json.WriteString("delta"u8, piece);
                });
            }

            yield return ($"{event_}.done", json =>
            {
                At(json, id, index, place);
                json.WriteString(member, text);
            });
            yield return ("response.content_part.done", json =>
            {
                At(json, id, index, place);
                json.WritePropertyName("part"u8);
                part.WriteTo(json);
            });
        }
    }

    private static IEnumerable<(string Name, Action<Utf8JsonWriter> Write)> OfText(JsonElement item, string member, string name, string id, int index)
    {
        var text = JsonText.Read(JsonText.Member(item, member), out _) ?? "";
        foreach (var piece in Pieces.Of(text).Where(static piece => piece.Length > 0))
        {
            yield return ($"{name}.delta", json =>
            {
                json.WriteString("item_id"u8, id);
                json.WriteNumber("output_index"u8, index);
                json.WriteString("delta"u8, piece);
            });
        }

        yield return ($"{name}.done", json =>
        {
            json.WriteString("item_id"u8, id);
            json.WriteNumber("output_index"u8, index);
            json.WriteString(member, text);
        });
    }

    private static void At(Utf8JsonWriter json, string id, int index, int place)
    {
        json.WriteString("item_id"u8, id);
        json.WriteNumber("output_index"u8, index);
        json.WriteNumber("content_index"u8, place);
    }

    // With nothing said yet.
    private static void WriteBegun(Utf8JsonWriter json, JsonElement item)
    {
        json.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            switch (JsonText.Name(member, out _))
            {
                case "status":
                    json.WriteString("status"u8, "in_progress");
                    break;
                case "content" when member.Value.ValueKind == JsonValueKind.Array:
                    json.WriteStartArray("content"u8);
                    json.WriteEndArray();
                    break;
                case "arguments":
                    json.WriteString("arguments"u8, "");
                    break;
                case "input" when member.Value.ValueKind == JsonValueKind.String:
                    json.WriteString("input"u8, "");
                    break;
                case var name:
                    json.WritePropertyName(name);
                    member.Value.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }
}
