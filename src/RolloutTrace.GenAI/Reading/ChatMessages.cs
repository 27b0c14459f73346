using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as chat APIs have them: a role, content that is text or a list of blocks, and calls beside it.</summary>
internal static class ChatMessages
{
    public static void Read(JsonElement? messages, ItemBuilder into, string defaultRole)
    {
        switch (messages)
        {
            case { ValueKind: JsonValueKind.Array } list:
                foreach (var message in list.EnumerateArray())
                {
                    ReadMessage(message, into, defaultRole);
                }

                break;
            case { ValueKind: JsonValueKind.Object } message:
                ReadMessage(message, into, defaultRole);
                break;
            case { ValueKind: JsonValueKind.String } text:
                into.Begin(defaultRole);
                into.Say(JsonValue.Text(text));
                into.End();
                break;
        }
    }

    public static void ReadMessage(JsonElement message, ItemBuilder into, string defaultRole)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            into.Begin(defaultRole);
            into.Say(JsonValue.Text(message));
            into.End();
            return;
        }

        var role = (JsonText.MemberOrNull(message, "role") ?? defaultRole).ToLowerInvariant();
        into.Begin(role, JsonText.MemberOrNull(message, "name"));
        var content = JsonText.Member(message, "content");
        if (role is "tool" or "function" && !HasResults(content))
        {
            var id = JsonText.MemberOrNull(message, "tool_call_id") ?? JsonText.MemberOrNull(message, "id") ?? JsonText.MemberOrNull(message, "toolCallId");
            into.Output(id, JsonText.MemberOrNull(message, "name"), content.ValueKind == JsonValueKind.Undefined ? null : PlainOf(content));
        }
        else
        {
            into.Think(JsonText.Read(JsonText.Member(message, "reasoning_content"), out _), null);
            ReadContent(content, into);
        }

        ReadCalls(JsonText.Member(message, "tool_calls"), into);
        into.End();
    }

    /// <summary>Calls beside a message, in the chat API's form or flat.</summary>
    public static void ReadCalls(JsonElement calls, ItemBuilder into)
    {
        if (calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var call in calls.EnumerateArray())
        {
            var function = JsonText.Member(call, "function") is { ValueKind: JsonValueKind.Object } inner ? inner : call;
            var arguments = First(function, "arguments", "args", "input");
            into.Call(
                JsonText.MemberOrNull(call, "id") ?? JsonText.MemberOrNull(call, "toolCallId"),
                JsonText.MemberOrNull(function, "name") ?? JsonText.MemberOrNull(call, "toolName") ?? JsonText.Read(JsonText.Member(call, "function"), out _),
                PartMessages.Arguments(arguments));
        }
    }

    private static void ReadContent(JsonElement content, ItemBuilder into)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                into.Say(JsonValue.Text(content));
                break;
            case JsonValueKind.Array:
                foreach (var part in content.EnumerateArray())
                {
                    PartMessages.ReadPart(part, into);
                }

                break;
            case JsonValueKind.Object:
                PartMessages.ReadPart(content, into);
                break;
        }
    }

    private static bool HasResults(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                return JsonText.MemberOrNull(part, "type") is "tool_result" or "tool-result" or "tool_call_response";
            }
        }

        return false;
    }

    // The blocks of a result that is text alone are that text.
    private static object PlainOf(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return content;
        }

        var texts = new List<string>();
        foreach (var part in content.EnumerateArray())
        {
            if (JsonText.MemberOrNull(part, "type") is not "text" || JsonText.Read(JsonText.Member(part, "text"), out _) is not { } text)
            {
                return content;
            }

            texts.Add(text);
        }

        return string.Join('\n', texts);
    }

    private static JsonElement First(JsonElement call, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonText.Member(call, name) is { ValueKind: not JsonValueKind.Undefined } value)
            {
                return value;
            }
        }

        return default;
    }
}
