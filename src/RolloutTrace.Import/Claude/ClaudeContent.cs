using System.Text.Json;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Claude;

/// <summary>Makes items of what a message holds: text, thoughts, calls, results, images.</summary>
internal sealed class ClaudeContent
{
    private readonly List<JsonElement> said = [];
    private readonly List<string> words = [];
    private readonly string role;
    private readonly long time;
    private readonly LogSpool? spool;

    private ClaudeContent(string role, long time, LogSpool? spool)
    {
        this.spool = spool;
        this.role = role;
        this.time = time;
    }

    public List<HistoryItem> Items { get; } = [];

    public List<ClaudeCall> Calls { get; } = [];

    public List<ClaudeResult> Results { get; } = [];

    /// <summary>The words that were said.</summary>
    public string Text => string.Join('\n', words);

    /// <summary>Whether something was said in words, and all of it fits.</summary>
    public bool SaysOnly(Predicate<string> fits) => words.Count > 0 && words.TrueForAll(fits);

    /// <summary>Whether any of what was said fits.</summary>
    public bool Says(Predicate<string> fits) => words.Exists(fits);

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message, as the API has it.</param>
    /// <param name="role">Whose it is.</param>
    /// <param name="time">When it was said.</param>
    /// <param name="spool">Keeps what items say; null if they are not kept.</param>
    public static ClaudeContent Read(JsonElement message, string role, long time, LogSpool? spool = null) => ReadBody(JsonText.Member(message, "content"), role, time, spool);

    /// <summary>Reads what a message holds.</summary>
    /// <param name="body">A text, or a list of blocks.</param>
    /// <param name="role">Whose it is.</param>
    /// <param name="time">When it was said.</param>
    /// <param name="spool">Keeps what items say; null if they are not kept.</param>
    public static ClaudeContent ReadBody(JsonElement body, string role, long time, LogSpool? spool = null)
    {
        var content = new ClaudeContent(role, time, spool);
        if (body.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in body.EnumerateArray())
            {
                content.Add(block);
            }
        }
        else if (body.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            content.Add(body);
        }

        content.EndMessage();
        return content;
    }

    private void Add(JsonElement block)
    {
        switch (JsonText.MemberOrNull(block, "type"))
        {
            case "thinking":
                Think(JsonText.Member(block, "thinking"), JsonText.Member(block, "signature"));
                break;
            case "redacted_thinking":
                Think(default, JsonText.Member(block, "data"));
                break;
            case "tool_use" or "server_tool_use" or "mcp_tool_use":
                Call(block);
                break;
            case { } type when type == "tool_result" || type.EndsWith("_tool_result", StringComparison.Ordinal):
                Result(block);
                break;
            default:
                Say(block);
                break;
        }
    }

    private void Say(JsonElement part)
    {
        said.Add(part);
        var text = part.ValueKind == JsonValueKind.String ? part : JsonText.Member(part, "text");
        if (JsonText.Read(text, out _) is { } word)
        {
            words.Add(word);
        }
    }

    private void EndMessage()
    {
        if (said.Count == 0)
        {
            return;
        }

        Keep(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteString("role", role);
            json.WriteStartArray("content");
            foreach (var part in said)
            {
                if (part.ValueKind is JsonValueKind.String || JsonText.MemberOrNull(part, "type") is null)
                {
                    json.WriteStartObject();
                    json.WriteString("type", role == "assistant" ? "output_text" : "input_text");
                    json.WritePropertyName("text");
                    WriteText(json, part);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteAsRead(part);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        said.Clear();
    }

    // A part of no type is its text, else its JSON.
    private static void WriteText(Utf8JsonWriter json, JsonElement part)
    {
        var text = part.ValueKind == JsonValueKind.String ? part : JsonText.Member(part, "text");
        if (text.ValueKind == JsonValueKind.String)
        {
            json.WriteAsRead(text);
        }
        else
        {
            json.WriteStringValue(ToolUse.TextOf(part));
        }
    }

    // Strict readers take no thought that says nothing.
    private void Think(JsonElement text, JsonElement encoded)
    {
        EndMessage();
        var (isSaid, isEncoded) = (MessageItems.IsText(text), MessageItems.IsText(encoded));
        if (!isSaid && !isEncoded)
        {
            return;
        }

        Keep(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "reasoning");
            json.WriteStartArray("summary");
            json.WriteEndArray();
            if (isSaid)
            {
                json.WriteStartArray("content");
                json.WriteStartObject();
                json.WriteString("type", "reasoning_text");
                json.WritePropertyName("text");
                json.WriteAsRead(text);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            if (isEncoded)
            {
                json.WritePropertyName("encrypted_content");
                json.WriteAsRead(encoded);
            }

            json.WriteEndObject();
        });
    }

    private void Call(JsonElement block)
    {
        EndMessage();
        var input = JsonText.Member(block, "input");
        var name = JsonText.Read(JsonText.Member(block, "name"), out _) ?? Arguments.EventText.Unknown;
        var id = JsonText.Read(JsonText.Member(block, "id"), out _) ?? "";
        var item = Keep(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "function_call");
            json.WriteString("call_id", id);
            json.WriteString("name", name);
            json.WriteString("arguments", input.ValueKind == JsonValueKind.Undefined ? "{}" : ToolUse.TextOf(input));
            json.WriteEndObject();
        });

        // A tool of the provider's own gives its result inside the answer: nothing here carried it out.
        if (id.Length > 0 && JsonText.MemberOrNull(block, "type") == "tool_use")
        {
            var isForHelper = name is "Task" or "Agent";
            var use = new ToolUse { CallId = id, Name = name, Input = ToolUse.FunctionInput(input), Time = time };
            Calls.Add(new ClaudeCall(
                spool is null ? use : use.KeptIn(spool, input),
                isForHelper ? JsonText.Read(JsonText.Member(input, "prompt"), out _) ?? "" : null,
                JsonText.MemberOrNull(input, "description"),
                JsonText.MemberOrNull(input, "subagent_type"),
                item));
        }
    }

    private void Result(JsonElement block)
    {
        EndMessage();
        var id = JsonText.Read(JsonText.Member(block, "tool_use_id"), out _) ?? "";
        var content = JsonText.Member(block, "content");
        var item = Keep(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "function_call_output");
            json.WriteString("call_id", id);
            json.WritePropertyName("output");
            WriteOutput(json, content);
            json.WriteEndObject();
        });
        if (item is not null && id.Length > 0)
        {
            Results.Add(new ClaudeResult(id, item, JsonText.Member(block, "is_error").ValueKind == JsonValueKind.True));
        }
    }

    private static void WriteOutput(Utf8JsonWriter json, JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                json.WriteAsRead(content);
                break;
            case JsonValueKind.Array when content.EnumerateArray().All(IsPart):
                json.WriteAsRead(content);
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                json.WriteStringValue("");
                break;
            default:
                json.WriteStringValue(ToolUse.TextOf(content));
                break;
        }
    }

    private static bool IsPart(JsonElement part) => JsonText.MemberOrNull(part, "type") is "text" or "image" or "document" or "search_result" or "tool_reference";

    private HistoryItem? Keep(Action<Utf8JsonWriter> write)
    {
        var item = HistoryItem.Of(JsonBuilder.Make(write));
        if (item is not null)
        {
            Items.Add(item);
            if (spool is not null)
            {
                item.KeptIn(spool);
            }
        }

        return item;
    }
}
