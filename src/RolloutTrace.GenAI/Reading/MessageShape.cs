using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>
/// Whether JSON is messages or parts of one. Where a text may stand instead, a model that was asked for JSON has written objects and lists of its
/// own: those are the text.
/// </summary>
internal static class MessageShape
{
    // What a message without a role may have. Names and ids are not among them: objects of anyone's own have those beside a content.
    private static readonly string[] OfBareMessages =
    [
        "content", "parts", "tool_calls", "toolCalls", "function_call", "tool_call_id", "refusal", "reasoning_content", "finish_reason", "finishReason", "additional_kwargs", "response_metadata",
    ];

    /// <summary>Whether JSON is a message, a part of one, or a list of them. What is empty is one of none.</summary>
    public static bool IsOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => AreMessages(json) || All(json, static entry => entry.ValueKind == JsonValueKind.String || IsOne(entry)),
        JsonValueKind.Object => IsOne(json) || json.GetPropertyCount() == 0,
        _ => false,
    };

    /// <summary>Whether a list has an entry that is certainly a message or a part of one.</summary>
    public static bool AreMessages(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in json.EnumerateArray())
            {
                if (IsMessage(entry) || IsTypedPart(entry) || IsPair(entry) || (entry.ValueKind == JsonValueKind.Array && AreMessages(entry)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The same list with messages where it has them as JSON text: attributes are lists of texts at most.</summary>
    public static JsonElement Spelled(JsonElement list) =>
        list.ValueKind != JsonValueKind.Array || !list.EnumerateArray().Any(static entry => MessageIn(entry) is not null) ? list
            : JsonElement.Parse(JsonValue.Written(writer =>
            {
                writer.WriteStartArray();
                foreach (var entry in list.EnumerateArray())
                {
                    JsonValue.WriteElement(writer, MessageIn(entry) ?? entry);
                }

                writer.WriteEndArray();
            }));

    /// <summary>Whether a list is a role and what is said, as some write a message.</summary>
    public static bool IsPair(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 2 && json[1].ValueKind == JsonValueKind.String
        && JsonText.OrNull(json[0]) is "user" or "human" or "assistant" or "ai" or "system" or "developer";

    /// <summary>Whether an object says by a type that is known that it is a part of a message, and has what such a part has.</summary>
    public static bool IsTypedPart(JsonElement json) => JsonText.MemberOrNull(json, "type") switch
    {
        "text" or "input_text" or "output_text" => HasText(json, "text") || HasText(json, "content"),
        "refusal" => HasText(json, "refusal"),
        "reasoning" or "thinking" => HasAny(json, "content", "text", "thinking", "summary", "encrypted_content"),
        "redacted_thinking" => HasAny(json, "data"),
        "tool_call" or "tool_use" or "tool-call" or "server_tool_use" => HasText(json, "name") || HasText(json, "toolName"),
        "tool_call_response" or "tool_result" or "tool-result" or "toolresult" => HasAny(json, "id", "tool_use_id", "tool_call_id", "toolCallId"),
        "function_call" => HasText(json, "name"),
        "function" => IsCall(json),
        "function_call_output" => HasText(json, "call_id"),
        "image_url" or "input_image" or "image" or "input_audio" or "audio" or "input_file" or "file" or "document" or "media" or "blob" or "uri" =>
            HasAny(json, "image_url", "source", "data", "input_audio", "file", "file_id", "file_data", "url", "uri", "content"),
        { } type => type.EndsWith("_call", StringComparison.Ordinal) && HasText(json, "id") && HasText(json, "status"),
        null => false,
    };

    private static JsonElement? MessageIn(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.String && JsonValue.Parse(JsonText.Read(entry, out _)) is { } json && IsMessage(json) ? json : null;

    private static bool IsOne(JsonElement json) =>
        json.ValueKind is JsonValueKind.Null || IsMessage(json) || IsTypedPart(json) || IsBareMessage(json) || Blocks.IsOne(json) || IsPair(json) || (json.ValueKind == JsonValueKind.Array && AreMessages(json));

    private static bool IsMessage(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var inner = LangChainMessages.Inner(json);
        return HasText(json, "role") ? HasAny(json, "content", "parts", "tool_calls", "toolCalls", "function_call", "refusal", "audio") || json.GetPropertyCount() == 1
            : LangChainMessages.Role(json, inner) is not null ? HasAny(inner, "content")
            : JsonText.MemberOrNull(json, "type") is "message" or "constructor" ? HasAny(inner, "content")
            : IsList(json, "content", IsTypedPart) || IsList(JsonText.Member(json, "content"), "parts", Blocks.IsOne) || IsList(json, "tool_calls", IsCall);
    }

    private static bool IsBareMessage(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && HasAny(json, "content", "parts")
        && (JsonText.Member(json, "parts").ValueKind == JsonValueKind.Undefined || IsList(json, "parts", Blocks.IsOne))
        && json.EnumerateObject().All(static member => OfBareMessages.Contains(JsonText.Name(member, out _)));

    private static bool IsCall(JsonElement json) => HasText(json, "name") || HasText(JsonText.Member(json, "function"), "name");

    private static bool IsList(JsonElement json, string name, Func<JsonElement, bool> entries) =>
        JsonText.Member(json, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && All(list, entries);

    private static bool All(JsonElement list, Func<JsonElement, bool> holds)
    {
        foreach (var entry in list.EnumerateArray())
        {
            if (!holds(entry))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasText(JsonElement json, string name) => JsonText.Member(json, name).ValueKind == JsonValueKind.String;

    private static bool HasAny(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonText.Member(json, name).ValueKind != JsonValueKind.Undefined)
            {
                return true;
            }
        }

        return false;
    }
}
