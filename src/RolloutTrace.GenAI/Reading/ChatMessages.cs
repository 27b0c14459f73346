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
            ReadBare(message, into, defaultRole);
            return;
        }

        var inner = LangChainMessages.Inner(message);
        var role = (JsonText.MemberOrNull(message, "role") ?? LangChainMessages.Role(message, inner) ?? defaultRole).ToLowerInvariant();
        message = inner;
        var before = into.Items.Count;
        var content = JsonText.Member(message, "content");
        if (JsonText.Member(content, "parts").ValueKind == JsonValueKind.Array && JsonText.Member(message, "parts").ValueKind == JsonValueKind.Undefined)
        {
            // Google's contents are messages themselves.
            ReadMessage(content, into, role);
            return;
        }

        content = Unwrapped(content);

        into.Begin(role, JsonText.MemberOrNull(message, "name"));
        if (JsonText.Member(message, "parts") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                PartMessages.ReadPart(part, into);
            }
        }
        else if (IsPart(message))
        {
            PartMessages.ReadPart(message, into);
        }
        else if (content.ValueKind == JsonValueKind.Undefined && !HasRole(message) && Blocks.TryRead(message, into))
        {
            // One of the blocks that say by a member what they are.
        }
        else if (role is "tool" or "function" && !HasResults(content))
        {
            var id = JsonText.MemberOrNull(message, "tool_call_id") ?? JsonText.MemberOrNull(message, "id") ?? JsonText.MemberOrNull(message, "toolCallId");
            into.Output(id, JsonText.MemberOrNull(message, "name"), content.ValueKind == JsonValueKind.Undefined ? null : PlainOf(content));
        }
        else
        {
            into.Think(JsonText.Read(JsonText.Member(message, "reasoning_content"), out _), null);
            ReadContent(content.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? JsonText.Member(message, "refusal") : content, into);
        }

        // Some have the calls of one message twice: as blocks, and beside them.
        ReadCalls(JsonText.Member(message, "tool_calls"), into, [.. into.Items.Skip(before).Where(static item => item.Kind == ItemKind.Call).Select(static item => item.CallId)]);
        into.End();
    }

    private static void ReadBare(JsonElement message, ItemBuilder into, string defaultRole)
    {
        var isPair = MessageShape.IsPair(message);
        if (message.ValueKind == JsonValueKind.Array && !isPair)
        {
            // A batch of conversations with one in it.
            Read(message, into, defaultRole);
            return;
        }

        into.Begin(isPair ? JsonText.OrNull(message[0]) : defaultRole);
        into.Say(JsonValue.Text(isPair ? message[1] : message));
        into.End();
    }

    /// <summary>Calls beside a message, in the chat API's form or flat.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="into">Takes them.</param>
    /// <param name="known">The ids of those that the message has had already.</param>
    public static void ReadCalls(JsonElement calls, ItemBuilder into, IReadOnlyList<string?>? known = null)
    {
        if (calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var entry in calls.EnumerateArray())
        {
            // An attribute is a list of texts at most: each may be a call as JSON.
            var call = entry.ValueKind == JsonValueKind.String && JsonValue.Parse(JsonText.Read(entry, out _)) is { ValueKind: JsonValueKind.Object } spelled ? spelled : entry;
            var id = JsonText.MemberOrNull(call, "id") ?? JsonText.MemberOrNull(call, "toolCallId");
            if (id is not null && known is { Count: > 0 } && known.Contains(id, StringComparer.Ordinal))
            {
                continue;
            }

            var function = JsonText.Member(call, "function") is { ValueKind: JsonValueKind.Object } inner ? inner : call;
            var arguments = First(function, "arguments", "args", "input");
            into.Call(
                id,
                JsonText.MemberOrNull(function, "name") ?? JsonText.MemberOrNull(call, "toolName") ?? JsonText.Read(JsonText.Member(call, "function"), out _),
                PartMessages.Arguments(arguments));
        }
    }

    // Parts may stand in the place of messages: the Responses API has calls and what they gave between them, and an answer may be its parts alone.
    private static bool IsPart(JsonElement message) =>
        !HasRole(message) && (JsonText.MemberOrNull(message, "type") is "function_call" or "function_call_output" || MessageShape.IsTypedPart(message));

    private static bool HasRole(JsonElement message) => JsonText.Member(message, "role").ValueKind != JsonValueKind.Undefined;

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

    // What a collector has moved from events into a log is one level deeper, and blocks are JSON text there.
    private static JsonElement Unwrapped(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || JsonText.Member(content, "type").ValueKind != JsonValueKind.Undefined)
        {
            return content;
        }

        var inner = First(content, "content", "message");
        return inner.ValueKind is not (JsonValueKind.String or JsonValueKind.Array) ? content : Blocks.In(JsonValue.Text(inner)) ?? inner;
    }

    private static bool HasResults(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                return JsonText.MemberOrNull(part, "type") is "tool_result" or "tool-result" or "tool_call_response" or "toolresult"
                    || JsonText.Member(part, "toolResult").ValueKind == JsonValueKind.Object
                    || JsonText.Member(part, "toolResponse").ValueKind == JsonValueKind.Object;
            }
        }

        return false;
    }

    // The blocks of a result that is text alone are that text.
    private static object PlainOf(JsonElement content) => Blocks.TextOf(content) ?? (object)content;

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
