using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// Anthropic's Messages API: <c>messages</c> whose content is a text or a list of blocks, and a response that is such a message. Text
/// and images beside each other are one message item; calls, results and thinking are items of their own.
/// </summary>
internal sealed class MessagesDialect() : Dialect("messages", requestList: "messages", responseList: "content", usage: "usage")
{
    private const string Assistant = "assistant";

    public override string Instructions => "system";

    /// <summary>Told from Chat Completions by what only it has: instructions beside the list, schemas of inputs, or blocks in a message.</summary>
    public override bool IsRequest(JsonElement request)
    {
        var messages = JsonText.Member(request, RequestList);
        if (messages.ValueKind != JsonValueKind.Array || Dialects.GenAIParts.IsRequest(request))
        {
            return false;
        }

        return JsonText.Member(request, Instructions).ValueKind != JsonValueKind.Undefined
            || JsonText.Member(request, "anthropic_version").ValueKind != JsonValueKind.Undefined
            || Any(JsonText.Member(request, Tools), static tool => JsonText.Member(tool, "input_schema").ValueKind != JsonValueKind.Undefined)
            || Any(messages, HasBlocks);
    }

    public override bool IsResponse(JsonElement response) => JsonText.Member(response, ResponseList).ValueKind == JsonValueKind.Array && Knows(response);

    /// <summary>A message with blocks, or a block alone. A message without a role is one of the model's.</summary>
    public override bool Knows(JsonElement entry) => IsBlock(entry) || HasBlocks(entry) || IsMessage(entry);

    /// <summary>Whether the content of a message holds blocks that no other API has.</summary>
    public static bool HasBlocks(JsonElement message) => Any(JsonText.Member(message, "content"), static block => IsOnlyOurs(JsonText.MemberOrNull(block, "type")));

    /// <summary>Whether an entry of a list is a block without a message around it.</summary>
    public static bool IsBlock(JsonElement entry) =>
        JsonText.MemberOrNull(entry, "type") is { } type
        && (IsOnlyOurs(type) || (type == "text" && JsonText.Member(entry, "text").ValueKind == JsonValueKind.String))
        && JsonText.Member(entry, "role").ValueKind == JsonValueKind.Undefined;

    /// <summary>Whether the type of a block is one that no other API has.</summary>
    public static bool IsOnlyOurs(string? type) => type is
        "tool_use" or "tool_result" or "thinking" or "redacted_thinking" or "server_tool_use" or "mcp_tool_use" or "image" or "document" or "search_result"
        or "container_upload" || type?.EndsWith("_tool_result", StringComparison.Ordinal) == true;

    public override void Read(JsonElement entry, WireItems into)
    {
        if (IsBlock(entry))
        {
            var single = new MessageItems(into, entry, RoleOf(JsonText.MemberOrNull(entry, "type")));
            ReadBlock(entry, ref single);
            return;
        }

        var items = new MessageItems(into, entry, JsonText.MemberOrNull(entry, "role"));
        ReadContent(JsonText.Member(entry, "content"), ref items);
    }

    /// <summary>Reads blocks that a model gave, without a message around them: as the message that a client sends back.</summary>
    public static void ReadBlocks(JsonElement blocks, WireItems into)
    {
        var items = new MessageItems(into, blocks, Assistant);
        ReadContent(blocks, ref items);
    }

    internal override bool IsStreamed(JsonElement entry) => JsonText.MemberOrNull(entry, "type") is
        "message_start" or "message_delta" or "message_stop" or "content_block_start" or "content_block_delta" or "content_block_stop";

    internal override StreamAssembly Assemble() => new MessagesStream();

    // An answer without blocks, as of a model that refuses, says nothing: no client sends it back.
    private protected override void ReadAnswer(JsonElement list, JsonElement response, WireItems into)
    {
        if (list.GetArrayLength() > 0)
        {
            ReadBlocks(list, into);
        }
    }

    private static void ReadContent(JsonElement content, ref MessageItems items)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            items.SayContent(content);
        }
        else
        {
            foreach (var block in content.EnumerateArray())
            {
                ReadBlock(block, ref items);
            }
        }

        items.End();
    }

    private static void ReadBlock(JsonElement block, ref MessageItems items)
    {
        var type = JsonText.MemberOrNull(block, "type");
        switch (type)
        {
            case "thinking":
                items.Think(block, JsonText.Member(block, "thinking"), JsonText.Member(block, "signature"), "signature");
                break;
            case "redacted_thinking":
                items.Think(block, default, JsonText.Member(block, "data"), type);
                break;
            case "tool_use" or "server_tool_use" or "mcp_tool_use":
                items.Call(block, JsonText.MemberOrNull(block, "id"), JsonText.Member(block, "name"), JsonText.Member(block, "input"));
                break;
            case not null when IsResult(type):
                items.Output(block, JsonText.MemberOrNull(block, "tool_use_id"), default, JsonText.Member(block, "content"));
                break;
            default:
                items.SayPart(block);
                break;
        }
    }

    private static bool IsMessage(JsonElement entry) =>
        JsonText.MemberOrNull(entry, "type") is "message"
        && JsonText.MemberOrNull(entry, "role") is Assistant
        && (JsonText.Member(entry, "stop_reason").ValueKind != JsonValueKind.Undefined || Any(JsonText.Member(entry, "content"), static block => JsonText.MemberOrNull(block, "type") is "text"));

    private static bool IsResult(string type) => type == "tool_result" || type.EndsWith("_tool_result", StringComparison.Ordinal);

    private static string RoleOf(string? type) => type is "image" or "document" or "search_result" or "container_upload" ? "user" : Assistant;

    private static bool Any(JsonElement list, Predicate<JsonElement> condition)
    {
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in list.EnumerateArray())
            {
                if (condition(entry))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
