using System.Text.Json;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Makes the items again of which spans have messages.</summary>
internal sealed class OwnItems
{
    private readonly HashSet<string> customCalls = new(StringComparer.Ordinal);

    /// <summary>Messages of other agents, by the thread that got them and their words: spans show them as a user's.</summary>
    public Dictionary<(string ThreadId, string Text), (string Author, string Recipient)> FromAgents { get; } = [];

    /// <summary>The items of a list of messages; none if there is none.</summary>
    public List<HistoryItem> Of(JsonElement? messages, string threadId)
    {
        var items = new List<HistoryItem>();
        foreach (var message in OtlpJson.Entries(messages ?? default))
        {
            var role = JsonText.MemberOrNull(message, "role") ?? "user";
            var said = new List<JsonElement>();
            foreach (var part in OtlpJson.Entries(JsonText.Member(message, "parts")))
            {
                var write = Writer(part);
                if (write is null)
                {
                    said.Add(part);
                    continue;
                }

                Say(items, said, role, threadId);
                Add(items, write);
            }

            Say(items, said, role, threadId);
        }

        return items;
    }

    private Action<Utf8JsonWriter>? Writer(JsonElement part) => JsonText.MemberOrNull(part, "type") switch
    {
        "reasoning" => json => Reasoning(json, part),
        "tool_call" => json => Call(json, part),
        "tool_call_response" => json => Output(json, part),

        // What the conventions have no part for stands there as it was, if it stands there whole.
        "compaction" or "compaction_summary" or "context_compaction" or "web_search_call" or "image_generation_call" or "local_shell_call"
            or "tool_search_call" or "tool_search_output" or "mcp_tool_call_output" when HistoryItem.Of(part) is not null => json => json.WriteAsRead(part),
        _ => null,
    };

    private static void Reasoning(Utf8JsonWriter json, JsonElement part)
    {
        json.WriteStartObject();
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        json.WriteEndArray();
        json.WriteStartArray("content");
        WriteText(json, "reasoning_text", JsonText.Member(part, "content"));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Call(Utf8JsonWriter json, JsonElement part)
    {
        var id = JsonText.MemberOrNull(part, "id") ?? "";
        var arguments = JsonText.Member(part, "arguments");
        var isCustom = arguments.ValueKind == JsonValueKind.String && !IsJson(ToolUse.TextOf(arguments));
        json.WriteStartObject();
        json.WriteString("type", isCustom ? "custom_tool_call" : "function_call");
        json.WriteString("call_id", id);
        json.WriteString("name", JsonText.MemberOrNull(part, "name") ?? "unknown");
        json.WriteString(isCustom ? "input" : "arguments", ToolUse.TextOf(arguments));
        json.WriteEndObject();
        if (isCustom)
        {
            customCalls.Add(id);
        }
    }

    private void Output(Utf8JsonWriter json, JsonElement part)
    {
        var id = JsonText.MemberOrNull(part, "id") ?? "";
        var response = JsonText.Member(part, "response");
        json.WriteStartObject();
        json.WriteString("type", customCalls.Contains(id) ? "custom_tool_call_output" : "function_call_output");
        json.WriteString("call_id", id);
        json.WriteString("output", ToolUse.TextOf(response));
        json.WriteEndObject();
    }

    private void Say(List<HistoryItem> items, List<JsonElement> said, string role, string threadId)
    {
        if (said.Count == 0)
        {
            return;
        }

        var parts = said.ToList();
        said.Clear();
        var text = string.Concat(parts.Select(static part => ToolUse.TextOf(JsonText.Member(part, "content"))));
        Add(items, json =>
        {
            json.WriteStartObject();
            if (role == "user" && FromAgents.TryGetValue((threadId, text), out var from))
            {
                json.WriteString("type", "agent_message");
                json.WriteString("author", from.Author);
                json.WriteString("recipient", from.Recipient);
            }
            else
            {
                json.WriteString("type", "message");
                json.WriteString("role", role);
            }

            json.WriteStartArray("content");
            foreach (var part in parts)
            {
                if (JsonText.MemberOrNull(part, "type") == "text")
                {
                    WriteText(json, role == "assistant" ? "output_text" : "input_text", JsonText.Member(part, "content"));
                }
                else
                {
                    json.WriteAsRead(part);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteText(Utf8JsonWriter json, string type, JsonElement text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("text", ToolUse.TextOf(text));
        json.WriteEndObject();
    }

    private static void Add(List<HistoryItem> items, Action<Utf8JsonWriter> write)
    {
        if (HistoryItem.Of(JsonBuilder.Make(write)) is { } item)
        {
            items.Add(item);
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
