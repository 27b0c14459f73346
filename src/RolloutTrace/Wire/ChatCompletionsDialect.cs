using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// OpenAI's Chat Completions API, and all that speak it: <c>messages</c>, and <c>choices</c> of which the first is what the model said.
/// A message is an item for what it says, one for each of its calls, and one for its reasoning where a provider gives that.
/// </summary>
internal sealed class ChatCompletionsDialect() : Dialect("chat_completions", requestList: "messages", responseList: "choices", usage: "usage")
{
    public override bool IsRequest(JsonElement request) =>
        base.IsRequest(request) && !Dialects.Messages.IsRequest(request) && !Dialects.GenAIParts.IsRequest(request);

    /// <summary>A message with a role that is of no other dialect: it has content or calls, neither parts nor blocks, and no type.</summary>
    public override bool Knows(JsonElement entry) =>
        JsonText.MemberOrNull(entry, "role") is not null
        && JsonText.Member(entry, "type").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        && JsonText.Member(entry, "parts").ValueKind == JsonValueKind.Undefined
        && (JsonText.Member(entry, "content").ValueKind is JsonValueKind.String or JsonValueKind.Array || IsOnlyOurs(entry))
        && !MessagesDialect.HasBlocks(entry);

    /// <summary>Whether a message has something that only this dialect's messages have.</summary>
    public static bool IsOnlyOurs(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (JsonText.MemberOrNull(entry, "role") is "tool" or "function")
        {
            return true;
        }

        foreach (var member in (string[])["tool_calls", "function_call", "tool_call_id", "refusal", "reasoning_content", "audio"])
        {
            if (JsonText.Member(entry, member).ValueKind != JsonValueKind.Undefined)
            {
                return true;
            }
        }

        return false;
    }

    public override void Read(JsonElement entry, WireItems into)
    {
        var role = JsonText.MemberOrNull(entry, "role");
        var content = JsonText.Member(entry, "content");
        var items = new MessageItems(into, entry, role);
        if (role is "tool" or "function")
        {
            items.Output(entry, JsonText.MemberOrNull(entry, "tool_call_id"), JsonText.Member(entry, "name"), content);
            return;
        }

        items.Think(entry, ReasoningOf(entry), default, label: "");
        items.SayContent(content);
        items.Say(JsonText.Member(entry, "refusal"), default);
        if (JsonText.Member(entry, "audio") is { ValueKind: JsonValueKind.Object } audio)
        {
            items.Say(MessageItems.Reference(audio, "audio"));
        }

        ReadCalls(entry, ref items);
        items.End();
    }

    public override WireGiven ReadGiven(JsonElement request) => WireGiven.Read(request, this, furtherTools: "functions");

    internal override bool IsStreamed(JsonElement entry) => JsonText.Member(entry, ResponseList).ValueKind == JsonValueKind.Array;

    internal override StreamAssembly Assemble() => new ChatCompletionsStream();

    // Further choices are other answers to the same question: the payload has them, and no history does.
    private protected override void ReadAnswer(JsonElement list, JsonElement response, WireItems into)
    {
        foreach (var choice in list.EnumerateArray())
        {
            Dialects.Read(JsonText.Member(choice, "message"), this, into);
            return;
        }
    }

    private static JsonElement ReasoningOf(JsonElement message) =>
        JsonText.Member(message, "reasoning_content") is { ValueKind: JsonValueKind.String } reasoning ? reasoning : JsonText.Member(message, "reasoning");

    private static void ReadCalls(JsonElement message, ref MessageItems items)
    {
        if (JsonText.Member(message, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            foreach (var call in calls.EnumerateArray())
            {
                ReadCall(call, ref items);
            }
        }

        if (JsonText.Member(message, "function_call") is { ValueKind: JsonValueKind.Object } function)
        {
            items.Call(function, id: null, JsonText.Member(function, "name"), JsonText.Member(function, "arguments"));
        }
    }

    private static void ReadCall(JsonElement call, ref MessageItems items)
    {
        var id = JsonText.MemberOrNull(call, "id");
        if (JsonText.Member(call, "custom") is { ValueKind: JsonValueKind.Object } custom)
        {
            var item = items.Add(WireItemKind.CustomToolCall, call);
            item.CallId = id;
            item.IsLinkedByName = id is null;
            item.Named(JsonText.Member(custom, "name"));
            item.Content = JsonText.Member(custom, "input");
            item.Add(new WirePart(WirePartKind.Text, item.Content));
            return;
        }

        var function = JsonText.Member(call, "function");
        items.Call(call, id, JsonText.Member(function, "name"), JsonText.Member(function, "arguments"));
    }
}
