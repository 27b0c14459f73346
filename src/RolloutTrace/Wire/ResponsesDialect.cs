using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The Responses API, in the form that bundles have it in: requests as they were sent, responses with <c>output_items</c>. It is what
/// Codex writes, and what is a defect here is what Codex refuses. Short forms that the API takes and Codex does not are defects too,
/// and say of themselves that nothing is missing.
/// </summary>
internal sealed class ResponsesDialect() : Dialect("responses", requestList: "input", responseList: "output_items", usage: "token_usage")
{
    private const string Item = "a model item";
    private const string AgentMessage = "an agent_message";
    private const string Reasoning = "a reasoning item";
    private const string Message = "a message";
    private const string EncryptedContent = "encrypted_content";

    // All that is read from the root of an item here, and of one that turns out to be a message of Anthropic's.
    private static readonly byte[][] ReadMembers =
    [
        [.. "type"u8], [.. "role"u8], [.. "phase"u8], [.. "content"u8], [.. "summary"u8], [.. "encrypted_content"u8], [.. "author"u8], [.. "recipient"u8],
        [.. "arguments"u8], [.. "call_id"u8], [.. "name"u8], [.. "input"u8], [.. "output"u8], [.. "parts"u8], [.. "stop_reason"u8], [.. "tool_calls"u8],
    ];

    public override string PreviousResponse => "previous_response_id";

    public override string Instructions => "instructions";

    public override string ResponseId => "response_id";

    public override string UpstreamRequestId => "upstream_request_id";

    /// <summary>An item of a known type, or a short form: a message without a type, or a text in the place of one.</summary>
    public override bool Knows(JsonElement entry) => KindOf(JsonText.MemberOrNull(entry, "type")) != WireItemKind.Unknown || IsShortForm(entry);

    public override void Read(JsonElement entry, WireItems into)
    {
        var type = JsonText.Member(entry, "type", out var isSound);
        var word = JsonText.Read(type, out var isWordSound);
        ReadAs(word is null ? WireItemKind.Unknown : KindOf(word), entry, word, isSound && isWordSound, into);
    }

    internal override bool TryRead(JsonElement entry, WireItems into)
    {
        var type = JsonText.Member(entry, "type", out var isSound);
        var word = JsonText.Read(type, out var isWordSound);
        var kind = word is null ? WireItemKind.Unknown : KindOf(word);
        var isKnown = kind != WireItemKind.Unknown || IsShortForm(entry);
        if (isKnown)
        {
            ReadAs(kind, entry, word, isSound && isWordSound, into);
        }

        return isKnown;
    }

    /// <summary>True of such members as <c>id</c> and <c>status</c>, where an item is not kept as the JSON that it is.</summary>
    public override bool IsUnread(WireItem item, ReadOnlySpan<byte> member)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Defect is not null || item.Kind is WireItemKind.Unknown or WireItemKind.ToolDefinitions || KindOf(JsonText.MemberOrNull(item.Source, "type")) != item.Kind)
        {
            return false;
        }

        foreach (ref readonly var part in item.Parts)
        {
            if (part.Kind == WirePartKind.Item)
            {
                return false;
            }
        }

        foreach (var name in ReadMembers)
        {
            if (member.SequenceEqual(name.AsSpan()))
            {
                return false;
            }
        }

        return true;
    }

    internal override bool IsStreamed(JsonElement entry) => JsonText.MemberOrNull(entry, "type")?.StartsWith("response.", StringComparison.Ordinal) == true;

    internal override StreamAssembly Assemble() => new ResponsesStream();

    public override WireResponse ReadResponse(JsonElement response, WireItems? into)
    {
        var list = JsonText.Member(response, ResponseList, out var isSound);
        return ReadOutput(list, ReadAround(response, isSound), into);
    }

    /// <summary>Reads what stands in the place of a response's list.</summary>
    /// <param name="list">A list of items, or the response itself, as it was on the wire.</param>
    /// <param name="said">What stands around it.</param>
    /// <param name="into">Gets the items; null if they are not wanted.</param>
    public WireResponse ReadOutput(JsonElement list, WireResponse said, WireItems? into)
    {
        if (list.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            return said.But(MissingList(ResponseList));
        }

        if (list.ValueKind == JsonValueKind.Object || Dialects.IsWhole(list))
        {
            // What a program handed over is the response itself, as it was on the wire.
            return Dialects.ReadResponse(list, into).Inside(said);
        }

        if (into is not null)
        {
            foreach (var entry in list.EnumerateArray())
            {
                ReadAnswered(entry, into);
            }
        }

        return said;
    }

    private void ReadAnswered(JsonElement entry, WireItems into)
    {
        // The API never answers in a short form, so it is another's message.
        if (IsShortForm(entry) && JsonText.Member(entry, "content").ValueKind != JsonValueKind.Array)
        {
            Dialects.ChatCompletions.Read(entry, into);
        }
        else
        {
            Dialects.Read(entry, this, into);
        }
    }

    private static void ReadAs(WireItemKind kind, JsonElement entry, string? word, bool isSound, WireItems into)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            ReadText(entry, into);
            return;
        }

        if (word is null && entry.ValueKind == JsonValueKind.Object)
        {
            kind = WireItemKind.Message;
        }

        var item = into.Add(kind, entry);
        if (!isSound)
        {
            item.Note(WireDefect.InvalidText);
        }

        if (word is null)
        {
            item.Note(Missing(Item, "type", IsShortForm(entry)));
        }

        switch (kind)
        {
            case WireItemKind.Message:
                ReadMessage(item, into);
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
                if (BuiltInCalls.IsUnknownToCodex(word))
                {
                    item.Note(new WireDefect { Kind = WireDefectKind.UnknownItemType, Subject = Item, Word = word, IsShortForm = true });
                }

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
        "compaction" or "compaction_summary" or "context_compaction" => WireItemKind.CompactionSummary,
        "additional_tools" => WireItemKind.ToolDefinitions,
        _ => BuiltInCalls.KindOf(type),
    };

    // The whole input as a text: a message of the user.
    private static void ReadText(JsonElement text, WireItems into)
    {
        var item = into.Add(WireItemKind.Message, text);
        item.Role = "user";
        item.Content = text;
        item.Note(Missing(Item, "type", isShortForm: true));
        item.Add(new WirePart(WirePartKind.Text, text));
    }

    private static bool IsShortForm(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.String)
        {
            return true;
        }

        if (JsonText.MemberOrNull(entry, "role") is null
            || JsonText.Member(entry, "type").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
            || JsonText.Member(entry, "parts").ValueKind != JsonValueKind.Undefined
            || ChatCompletionsDialect.IsOnlyOurs(entry))
        {
            return false;
        }

        var content = JsonText.Member(entry, "content");
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                if (JsonText.MemberOrNull(part, "type") is not { } type
                    || !(type.StartsWith("input_", StringComparison.Ordinal) || type is "output_text" or "refusal" or "summary_text" or "reasoning_text"))
                {
                    return false;
                }
            }
        }

        return content.ValueKind is JsonValueKind.Array or JsonValueKind.String;
    }

    private static void ReadMessage(WireItem item, WireItems into)
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
        if (!AddContent(item, item.Content))
        {
            // A message of Anthropic's says that it is one by its blocks.
            var source = item.Source;
            into.RemoveLast();
            Dialects.Messages.Read(source, into);
        }
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

    // False, and nothing more, where the content is Anthropic's.
    private static bool AddContent(WireItem item, JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            item.Add(content.ValueKind == JsonValueKind.String
                ? new WirePart(WirePartKind.TextOrReference, content, label: "content")
                : new WirePart(WirePartKind.Reference, default, label: "content"));
            return true;
        }

        var says = false;
        foreach (var entry in content.EnumerateArray())
        {
            var type = item.Text(entry, "type");
            switch (type)
            {
                case "input_text" or "output_text" or "text":
                    var text = item.Member(entry, "text");
                    item.Add(new WirePart(WirePartKind.Text, text, entry));
                    says |= text.ValueKind == JsonValueKind.String;
                    continue;
                case "refusal" when JsonText.Member(entry, "refusal") is { ValueKind: JsonValueKind.String } refusal:
                    item.Add(new WirePart(WirePartKind.TextOrReference, refusal, entry, type));
                    break;
                case "tool_use" or "tool_result" or "thinking" or "redacted_thinking" or "server_tool_use" when item.Kind == WireItemKind.Message:
                    return false;
                default:
                    item.Add(new WirePart(WirePartKind.Reference, JsonText.Member(entry, "text"), entry, type ?? "content"));
                    break;
            }

            says = true;
        }

        if (!says)
        {
            item.Add(new WirePart(WirePartKind.Reference, default, label: "empty_content"));
        }

        return true;
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

    private static WireDefect Missing(string subject, string member, bool isShortForm = false) =>
        new() { Kind = WireDefectKind.MissingText, Subject = subject, Member = member, IsShortForm = isShortForm };
}
