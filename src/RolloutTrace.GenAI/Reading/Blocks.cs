using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Blocks of messages that say what they are by the member they have, as Bedrock's Converse and Gemini write them.</summary>
internal static class Blocks
{
    private static readonly string[] Telling =
    [
        "text", "toolUse", "toolResult", "reasoningContent", "functionCall", "function_call", "functionResponse", "function_response", "toolRequest", "toolResponse", "image", "document", "inlineData", "inline_data", "fileData", "file_data",
    ];

    /// <summary>The blocks that a text has as JSON; null if it is a text.</summary>
    public static JsonElement? In(string? text)
    {
        if (text is null || !text.StartsWith("[{", StringComparison.Ordinal) || JsonValue.Parse(text) is not { ValueKind: JsonValueKind.Array } list)
        {
            return null;
        }

        var isKnown = false;
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || (JsonText.MemberOrNull(entry, "type") is null && !Array.Exists(Telling, name => Has(entry, name))))
            {
                return null;
            }

            isKnown |= MessageShape.IsTypedPart(entry) || IsOne(entry);
        }

        return isKnown ? list : null;
    }

    /// <summary>Whether an object is a block without a type and nothing else.</summary>
    public static bool IsOne(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var isTelling = false;
        foreach (var member in json.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (Telling.Contains(name))
            {
                isTelling |= name switch
                {
                    "text" => member.Value.ValueKind == JsonValueKind.String,
                    "image" or "document" => member.Value.ValueKind == JsonValueKind.Object && Has(member.Value, "source"),
                    _ => member.Value.ValueKind == JsonValueKind.Object,
                };
            }
            else if (name is not ("thought" or "thoughtSignature" or "thought_signature" or "videoMetadata" or "video_metadata"))
            {
                return false;
            }
        }

        return isTelling;
    }

    /// <summary>The text of a list of blocks that are texts alone; null if there is anything else.</summary>
    public static string? TextOf(JsonElement blocks)
    {
        if (blocks.ValueKind != JsonValueKind.Array || blocks.GetArrayLength() == 0)
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var block in blocks.EnumerateArray())
        {
            if (JsonText.MemberOrNull(block, "type") is not ("text" or null) || JsonText.Read(JsonText.Member(block, "text"), out _) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return string.Join('\n', texts);
    }

    /// <summary>Reads a block without a type.</summary>
    /// <returns>Whether it was one that is known.</returns>
    public static bool TryRead(JsonElement block, ItemBuilder into)
    {
        if (Member(block, "toolUse") is { ValueKind: JsonValueKind.Object } use)
        {
            into.Call(JsonText.MemberOrNull(use, "toolUseId"), JsonText.MemberOrNull(use, "name"), PartMessages.Arguments(Member(use, "input")));
        }
        else if (Member(block, "toolResult") is { ValueKind: JsonValueKind.Object } result)
        {
            into.Output(JsonText.MemberOrNull(result, "toolUseId"), name: null, TextOf(Member(result, "content")) ?? (object?)Defined(Member(result, "content")));
        }
        else if (Member(block, "functionCall", "function_call") is { ValueKind: JsonValueKind.Object } call)
        {
            into.Call(JsonText.MemberOrNull(call, "id"), JsonText.MemberOrNull(call, "name"), PartMessages.Arguments(Member(call, "args")));
        }
        else if (Member(block, "functionResponse", "function_response") is { ValueKind: JsonValueKind.Object } response)
        {
            into.Output(JsonText.MemberOrNull(response, "id"), JsonText.MemberOrNull(response, "name"), Defined(Member(response, "response")));
        }
        else if (Member(block, "toolRequest") is { ValueKind: JsonValueKind.Object } asked)
        {
            into.Call(JsonText.MemberOrNull(asked, "ref"), JsonText.MemberOrNull(asked, "name"), PartMessages.Arguments(Member(asked, "input")));
        }
        else if (Member(block, "toolResponse") is { ValueKind: JsonValueKind.Object } answered)
        {
            into.Output(JsonText.MemberOrNull(answered, "ref"), JsonText.MemberOrNull(answered, "name"), Defined(Member(answered, "output")));
        }
        else if (Member(block, "function") is { ValueKind: JsonValueKind.Object } function && JsonText.MemberOrNull(function, "name") is { } name)
        {
            into.Call(JsonText.MemberOrNull(block, "id"), name, PartMessages.Arguments(Member(function, "arguments")));
        }
        else if (Member(block, "reasoningContent") is { ValueKind: JsonValueKind.Object } reasoning && Member(reasoning, "reasoningText") is var thought)
        {
            into.Think(JsonText.MemberOrNull(thought, "text"), JsonText.MemberOrNull(thought, "signature"));
        }
        else if ((JsonText.Read(Member(block, "text"), out _) ?? JsonText.MemberOrNull(Member(block, "text"), "value")) is { } text)
        {
            if (Member(block, "thought").ValueKind == JsonValueKind.True)
            {
                into.Think(text, null);
            }
            else
            {
                into.Say(text);
            }
        }
        else
        {
            return false;
        }

        return true;
    }

    private static object? Defined(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? null : value;

    private static bool Has(JsonElement block, string name) => Member(block, name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static JsonElement Member(JsonElement parent, string name, string? otherName = null) =>
        JsonText.Member(parent, name) is { ValueKind: not JsonValueKind.Undefined } value || otherName is null ? JsonText.Member(parent, name) : JsonText.Member(parent, otherName);
}
