using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as OpenTelemetry's conventions have them: a role, and parts with types.</summary>
internal static class PartMessages
{
    public static void Read(JsonElement? messages, ItemBuilder into, string defaultRole)
    {
        if (messages is not { ValueKind: JsonValueKind.Array } list)
        {
            return;
        }

        foreach (var message in list.EnumerateArray())
        {
            // Some emit the API's own messages under the conventions' name.
            ChatMessages.ReadMessage(message, into, defaultRole);
        }
    }

    /// <summary>Instructions: text, or a list of parts; null if there are none.</summary>
    public static string? Instructions(object? value)
    {
        if (JsonValue.Json(value) is not { } json)
        {
            return JsonValue.Text(value);
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            return JsonText.Member(json, "parts") is { ValueKind: JsonValueKind.Array } parts ? Instructions(parts) : TextOf(json) ?? JsonValue.Text(value);
        }

        var texts = new List<string>();
        foreach (var part in json.EnumerateArray())
        {
            if (TextOf(part) is { Length: > 0 } text)
            {
                texts.Add(text);
            }
        }

        return texts.Count > 0 ? string.Join('\n', texts) : null;
    }

    public static void ReadPart(JsonElement part, ItemBuilder into)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            into.Say(JsonValue.Text(part));
            return;
        }

        var id = JsonText.MemberOrNull(part, "id") ?? JsonText.MemberOrNull(part, "tool_call_id") ?? JsonText.MemberOrNull(part, "toolCallId");
        var name = JsonText.MemberOrNull(part, "name") ?? JsonText.MemberOrNull(part, "toolName");
        switch (JsonText.MemberOrNull(part, "type"))
        {
            case "text" or "input_text" or "output_text":
                into.Say(TextOf(part));
                break;
            case "refusal":
                into.Say(JsonText.MemberOrNull(part, "refusal") ?? TextOf(part));
                break;
            case "reasoning" or "thinking":
                into.Think(TextOf(part) ?? JsonText.MemberOrNull(part, "thinking") ?? Thought(part), JsonText.MemberOrNull(part, "signature") ?? JsonText.MemberOrNull(part, "encrypted_content"));
                break;
            case "tool_call" or "tool_use" or "tool-call":
                into.Call(id, name, Arguments(First(part, "arguments", "input", "args")));
                break;
            case "tool_call_response" or "tool_result" or "tool-result" or "toolresult":
                into.Output(id ?? JsonText.MemberOrNull(part, "tool_use_id"), name, Result(First(part, "response", "result", "content", "output")));
                break;
            case { } type when type.EndsWith("TextContent", StringComparison.Ordinal) && IsOnlyText(part):
                into.Say(JsonText.MemberOrNull(JsonText.Member(part, "content"), "text"));
                break;
            case { } type when type.EndsWith("TextReasoningContent", StringComparison.Ordinal) && JsonText.Member(part, "content") is { ValueKind: JsonValueKind.Object } thought:
                into.Think(JsonText.MemberOrNull(thought, "text"), JsonText.MemberOrNull(thought, "protectedData"));
                break;
            case { } type when type.EndsWith("ApprovalRequestContent", StringComparison.Ordinal) && HeldBack(part) is { } call:
                into.HoldBack(JsonText.MemberOrNull(call, "callId"), JsonText.MemberOrNull(call, "name"), Arguments(JsonText.Member(call, "arguments")));
                break;
            case { } type when type.EndsWith("ApprovalResponseContent", StringComparison.Ordinal) && HeldBack(part) is not null:
                // What the model sees of it is what the call gives, or that it was refused.
                into.Skip();
                break;
            case "function_call":
                into.Call(JsonText.MemberOrNull(part, "call_id") ?? id, name, Arguments(JsonText.Member(part, "arguments")));
                break;
            case "function_call_output":
                into.Output(JsonText.MemberOrNull(part, "call_id") ?? id, name, Result(JsonText.Member(part, "output")));
                break;
            case null or "function" when Blocks.TryRead(part, into):
                break;
            default:
                into.Add(part);
                break;
        }
    }

    /// <summary>Arguments as a model writes them: text.</summary>
    public static string? Arguments(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => ItemBuilder.Canonical(JsonValue.Text(arguments)!),
        _ => JsonValue.Compact(arguments),
    };

    // The call that somebody is asked about, as Microsoft.Extensions.AI writes it.
    private static JsonElement? HeldBack(JsonElement part) =>
        JsonText.Member(part, "content") is { ValueKind: JsonValueKind.Object } content
        && (JsonText.Member(content, "toolCall") is { ValueKind: JsonValueKind.Object } call || (call = JsonText.Member(content, "functionCall")).ValueKind == JsonValueKind.Object)
        && JsonText.MemberOrNull(call, "name") is not null
            ? call
            : null;

    // A result may be wrapped into what kind of value it is.
    private static object? Result(JsonElement result)
    {
        var type = JsonText.MemberOrNull(result, "type");
        return type is "text" or "json" or "error-text" or "error-json" && JsonText.Member(result, "value") is { ValueKind: not JsonValueKind.Undefined } value
            ? value
            : result.ValueKind switch
            {
                JsonValueKind.Undefined => null,
                JsonValueKind.Null => "null",
                _ => Blocks.TextOf(result) ?? (object)result,
            };
    }

    private static JsonElement First(JsonElement part, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonText.Member(part, name) is { ValueKind: not JsonValueKind.Undefined } value)
            {
                return value;
            }
        }

        return default;
    }

    // The Responses API has thoughts as lists: what they come to, and what they were.
    private static string? Thought(JsonElement part)
    {
        var texts = new List<string>();
        foreach (var list in (ReadOnlySpan<JsonElement>)[JsonText.Member(part, "summary"), JsonText.Member(part, "content")])
        {
            if (list.ValueKind == JsonValueKind.Array)
            {
                texts.AddRange(list.EnumerateArray().Select(TextOf).OfType<string>());
            }
        }

        return texts.Count > 0 ? string.Join('\n', texts) : null;
    }

    private static string? TextOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.String ? JsonValue.Text(part)
        : JsonText.Read(JsonText.Member(part, "content"), out _) ?? JsonText.Read(JsonText.Member(part, "text"), out _);

    // Frameworks that do not know their own text, such as one that is empty, write it as an object.
    private static bool IsOnlyText(JsonElement part) => JsonText.Member(part, "content") is { ValueKind: JsonValueKind.Object } content
        && JsonText.Member(content, "text").ValueKind == JsonValueKind.String
        && content.GetPropertyCount() == 1;
}
