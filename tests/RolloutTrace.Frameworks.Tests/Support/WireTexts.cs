using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>A message on the wire and an item in a bundle as the same line of text, so that they can be compared.</summary>
internal static class WireTexts
{
    public static IEnumerable<string> Of(JsonObject message)
    {
        var role = message["role"]!.GetValue<string>();
        var content = message["content"] switch
        {
            JsonArray parts => string.Concat(parts.Select(part => part!["text"]?.GetValue<string>())),
            JsonValue text => text.GetValue<string>(),
            _ => "",
        };
        if (role == "tool")
        {
            yield return $"gave {message["tool_call_id"]}: {Unquoted(content)}";
            yield break;
        }

        if (content.Length > 0)
        {
            yield return $"{role}: {content}";
        }

        foreach (var call in message["tool_calls"] as JsonArray ?? [])
        {
            yield return $"call {call!["id"]} {Compact(call["function"]!["arguments"]!.GetValue<string>())}";
        }
    }

    public static string Of(ConversationItem item)
    {
        var text = string.Concat(item.Body.Parts.Select(part => part switch
        {
            TextPart said => said.Text,
            JsonPart json => json.Summary,
            _ => $"[{part.GetType().Name}]",
        }));
        return item.Kind switch
        {
            ConversationItemKind.FunctionCall => $"call {item.CallId} {text}",
            ConversationItemKind.FunctionCallOutput => $"gave {item.CallId}: {text}",
            _ => $"{item.Role.ToString().ToLowerInvariant()}: {text}",
        };
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Compact(string json) => JsonSerializer.Serialize(JsonNode.Parse(json), Plain);

    // What a function gives goes to the model as JSON, on several lines; spans have its text, or the JSON without the lines.
    private static string Unquoted(string content) => content switch
    {
        ['"', .., '"'] => JsonSerializer.Deserialize<string>(content)!,
        ['{', .., '}'] => Compact(content),
        _ => content,
    };
}
