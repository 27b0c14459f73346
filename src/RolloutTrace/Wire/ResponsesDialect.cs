using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The Responses API, in the form that bundles have it in: requests as they were sent, responses with <c>output_items</c>. It is what
/// Codex writes, and what is a defect here is what Codex refuses.
/// </summary>
internal sealed class ResponsesDialect() : Dialect("responses", requestList: "input", responseList: "output_items", usage: "token_usage")
{
    private const string Item = "a model item";
    private const string AgentMessage = "an agent_message";
    private const string Reasoning = "a reasoning item";
    private const string Message = "a message";
    private const string EncryptedContent = "encrypted_content";

    private static readonly string[] ParameterNames =
        ["model", "temperature", "top_p", "max_output_tokens", "reasoning", "text", "tool_choice", "parallel_tool_calls", "service_tier", "store", "stream", "include", "truncation"];

    public override string PreviousResponse => "previous_response_id";

    public override string Instructions => "instructions";

    public override IReadOnlyList<string> Parameters => ParameterNames;

    public override string ResponseId => "response_id";

    public override string UpstreamRequestId => "upstream_request_id";

    public override bool Knows(JsonElement entry) => KindOf(JsonText.MemberOrNull(entry, "type")) != WireItemKind.Unknown;

    public override void Read(JsonElement entry, WireItems into)
    {
        var type = JsonText.Member(entry, "type", out var isSound);
        var word = JsonText.Read(type, out var isWordSound);
        var kind = word is not null ? KindOf(word) : entry.ValueKind == JsonValueKind.Object ? WireItemKind.Message : WireItemKind.Unknown;
        var item = into.Add(kind, entry);
        if (!isSound || !isWordSound)
        {
            item.Note(WireDefect.InvalidText);
        }

        if (word is null)
        {
            item.Note(Missing(Item, "type"));
        }

        switch (kind)
        {
            case WireItemKind.Message:
                ReadMessage(item);
                break;
            case WireItemKind.AgentMessage:
                ReadAgentMessage(item);
                break;
            case WireItemKind.Reasoning:
                ReadReasoning(item);
                break;
            case WireItemKind.FunctionCall:
                ReadFunctionCall(item);
                break;
            case WireItemKind.CustomToolCall:
                ReadCustomToolCall(item);
                break;
            case WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput:
                ReadOutput(item);
                break;
            case WireItemKind.BuiltInCall or WireItemKind.BuiltInCallOutput:
                item.CallId = item.Text(entry, "call_id");
                AddWhole(item);
                break;
            case WireItemKind.CompactionSummary:
                AddEncoded(item, $"a {word} item");
                break;
            case WireItemKind.Unknown:
                item.Note(new WireDefect { Kind = WireDefectKind.UnknownItemType, Subject = Item, Word = word });
                AddWhole(item);
                break;
        }
    }

    /// <summary>Four of the counts must be there. One below zero is zero.</summary>
    public override TokenUsage? ReadUsage(JsonElement usage)
    {
        return Count("input_tokens") is { } input
            && Count("cached_input_tokens") is { } cached
            && Count("output_tokens") is { } output
            && Count("reasoning_output_tokens") is { } reasoning
            ? new TokenUsage(input, output, cached, Count("cache_write_input_tokens") ?? 0, reasoning)
            : null;

        long? Count(string member) =>
            JsonText.Member(usage, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) ? Math.Max(count, 0) : null;
    }

    private static WireItemKind KindOf(string? type) => type switch
    {
        "message" => WireItemKind.Message,
        "agent_message" => WireItemKind.AgentMessage,
        "reasoning" => WireItemKind.Reasoning,
        "function_call" => WireItemKind.FunctionCall,
        "function_call_output" => WireItemKind.FunctionCallOutput,
        "custom_tool_call" => WireItemKind.CustomToolCall,
        "custom_tool_call_output" => WireItemKind.CustomToolCallOutput,
        "tool_search_call" or "web_search_call" or "image_generation_call" or "local_shell_call" => WireItemKind.BuiltInCall,
        "tool_search_output" or "mcp_tool_call_output" => WireItemKind.BuiltInCallOutput,
        "compaction" or "compaction_summary" or "context_compaction" => WireItemKind.CompactionSummary,
        "additional_tools" => WireItemKind.ToolDefinitions,
        _ => WireItemKind.Unknown,
    };

    private static void ReadMessage(WireItem item)
    {
        item.Role = item.Text(item.Source, "role");
        if (item.Role is not ("system" or "developer" or "user" or "assistant" or "tool"))
        {
            item.Note(new WireDefect { Kind = WireDefectKind.UnknownRole, Subject = Message, Word = item.Role });
        }

        item.Channel = item.Text(item.Source, "phase") switch
        {
            "commentary" => "commentary",
            "final_answer" => "final",
            "summary" => "summary",
            _ => null,
        };
        item.Content = item.Member(item.Source, "content");
        AddContent(item, item.Content);
    }

    private static void ReadAgentMessage(WireItem item)
    {
        var content = item.Member(item.Source, "content");
        item.Content = content;
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            item.Note(new WireDefect { Kind = WireDefectKind.Empty, Subject = AgentMessage, Member = "content" });
        }
        else
        {
            foreach (var entry in content.EnumerateArray())
            {
                switch (item.Text(entry, "type"))
                {
                    case "input_text":
                        AddText(item, WirePartKind.Text, entry);
                        break;
                    case EncryptedContent:
                        AddEncoded(item, Item, entry);
                        break;
                    case var type:
                        item.Add(Unknown(entry, AgentMessage, "content", type, word: type ?? ""));
                        break;
                }
            }
        }

        item.Author = Required(item, "author");
        item.Recipient = Required(item, "recipient");
    }

    private static void ReadReasoning(WireItem item)
    {
        var content = item.Member(item.Source, "content");
        if (content.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            ReadThoughts(item, content, "content");
        }

        var summary = item.Member(item.Source, "summary");
        if (summary.ValueKind != JsonValueKind.Undefined)
        {
            ReadThoughts(item, summary, "summary");
        }

        if (item.Member(item.Source, EncryptedContent).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            AddEncoded(item, Item);
        }

        if (item.Parts.IsEmpty)
        {
            item.Note(new WireDefect { Kind = WireDefectKind.Empty, Subject = Reasoning, Member = "content, summary or encrypted_content" });
        }
    }

    private static void ReadThoughts(WireItem item, JsonElement list, string member)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            item.Note(new WireDefect { Kind = WireDefectKind.NotAList, Subject = Reasoning, Member = member });
            return;
        }

        var isSummary = member == "summary";
        foreach (var entry in list.EnumerateArray())
        {
            var type = item.Text(entry, "type");
            if (isSummary ? type is "summary_text" : type is "reasoning_text" or "text")
            {
                AddText(item, isSummary ? WirePartKind.Summary : WirePartKind.Text, entry);
            }
            else
            {
                item.Add(Unknown(entry, Reasoning, isSummary ? "a summary" : "content", type, word: null));
            }
        }
    }

    private static void ReadFunctionCall(WireItem item)
    {
        var arguments = item.Member(item.Source, "arguments");
        item.CallId = item.Text(item.Source, "call_id");
        item.Named(JsonText.Member(item.Source, "name"));
        item.Content = arguments;
        item.Add(arguments.ValueKind == JsonValueKind.Undefined
            ? new WirePart(WirePartKind.Reference, default, label: "payload")
            : new WirePart(WirePartKind.Arguments, arguments));
    }

    private static void ReadCustomToolCall(WireItem item)
    {
        var input = item.Member(item.Source, "input");
        var name = item.Text(item.Source, "name");
        item.CallId = item.Text(item.Source, "call_id");
        item.Named(JsonText.Member(item.Source, "name"));
        item.Content = input;
        if (input.ValueKind != JsonValueKind.String)
        {
            AddWhole(item);
        }
        else
        {
            // Codex's code mode is the tool that runs code.
            item.Add(name == "exec"
                ? new WirePart(WirePartKind.Code, input, label: "javascript")
                : new WirePart(WirePartKind.Text, input));
        }
    }

    private static void ReadOutput(WireItem item)
    {
        var output = item.Member(item.Source, "output");
        item.CallId = item.Text(item.Source, "call_id");
        item.Content = output;
        switch (output.ValueKind)
        {
            case JsonValueKind.Undefined:
                item.Add(new WirePart(WirePartKind.Reference, default, label: "tool_output"));
                break;
            case JsonValueKind.String:
                item.Add(new WirePart(WirePartKind.Text, output));
                break;
            case JsonValueKind.Array:
                AddContent(item, output);
                break;
            default:
                item.Add(new WirePart(WirePartKind.Json, output));
                break;
        }
    }

    private static void AddContent(WireItem item, JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            item.Add(new WirePart(WirePartKind.Reference, content.ValueKind == JsonValueKind.String ? content : default, label: "content"));
            return;
        }

        var says = false;
        foreach (var entry in content.EnumerateArray())
        {
            var type = item.Text(entry, "type");
            var isText = type is "input_text" or "output_text" or "text";
            var text = isText ? item.Member(entry, "text") : JsonText.Member(entry, "text");
            item.Add(new WirePart(isText ? WirePartKind.Text : WirePartKind.Reference, text, entry, isText ? null : type ?? "content"));
            says |= !isText || text.ValueKind == JsonValueKind.String;
        }

        if (!says)
        {
            item.Add(new WirePart(WirePartKind.Reference, default, label: "empty_content"));
        }
    }

    private static void AddText(WireItem item, WirePartKind kind, JsonElement entry)
    {
        var text = item.Member(entry, "text");
        item.Add(new WirePart(kind, text, entry, defect: text.ValueKind == JsonValueKind.String ? null : Missing(Item, "text")));
    }

    private static void AddEncoded(WireItem item, string subject) => AddEncoded(item, subject, item.Source);

    private static void AddEncoded(WireItem item, string subject, JsonElement entry)
    {
        var value = item.Member(entry, EncryptedContent);
        item.Add(new WirePart(
            WirePartKind.Encoded, value, entry, EncryptedContent, value.ValueKind == JsonValueKind.String ? null : Missing(subject, EncryptedContent)));
    }

    private static void AddWhole(WireItem item) => item.Add(new WirePart(WirePartKind.Item, item.Source));

    private static string? Required(WireItem item, string member)
    {
        var text = item.Text(item.Source, member);
        if (text is null)
        {
            item.Note(Missing(Item, member));
        }

        return text;
    }

    private static WirePart Unknown(JsonElement entry, string subject, string where, string? type, string? word) => new(
        WirePartKind.Reference,
        JsonText.Member(entry, "text"),
        entry,
        type ?? "content",
        new WireDefect { Kind = WireDefectKind.UnknownPartType, Subject = subject, Member = where, Word = word });

    private static WireDefect Missing(string subject, string member) => new() { Kind = WireDefectKind.MissingText, Subject = subject, Member = member };
}
