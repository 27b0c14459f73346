using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The items that a message of an API stands for, where one message holds several things: what is said is a message item, and what is
/// called, given or thought is an item of its own, in the order in which it stands there.
/// </summary>
internal struct MessageItems(WireItems into, JsonElement source, string? role)
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    private WireItem? message;
    private bool hasItems;

    /// <summary>The message says text. Text that is empty, or that is none, says nothing: clients leave it out when they send it back.</summary>
    public void Say(JsonElement text, JsonElement part)
    {
        if (IsText(text))
        {
            Say(new WirePart(WirePartKind.Text, text, part));
        }
    }

    /// <summary>The message says a part.</summary>
    public void Say(in WirePart part) => Message().Add(part);

    /// <summary>The message says content: a text, or a list of parts.</summary>
    public void SayContent(JsonElement content)
    {
        Say(content, content);
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                SayPart(part);
            }
        }
        else if (content.ValueKind is JsonValueKind.Object or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            Say(new WirePart(WirePartKind.Reference, default, content, label: "content"));
        }
    }

    /// <summary>The message says a part of content: text, or something else that is to be looked up in the payload.</summary>
    public void SayPart(JsonElement part)
    {
        if (TextOf(part, out var type) is { } text)
        {
            Say(text, part);
        }
        else
        {
            Say(Reference(part, type));
        }
    }

    /// <summary>The message has an item between what it says.</summary>
    public WireItem Add(WireItemKind kind, JsonElement part)
    {
        message = null;
        hasItems = true;
        return into.Add(kind, part);
    }

    /// <summary>The message has a call. Arguments that are not there are none.</summary>
    public void Call(JsonElement part, string? id, JsonElement name, JsonElement arguments)
    {
        var item = Add(WireItemKind.FunctionCall, part);
        item.CallId = id;
        item.IsLinkedByName = id is null;
        item.Named(name);
        item.Content = IsText(arguments) || arguments.ValueKind is not (JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined) ? arguments : NoArguments;
        item.Add(new WirePart(WirePartKind.Arguments, item.Content));
    }

    /// <summary>The message has what a call gave.</summary>
    public void Output(JsonElement part, string? id, JsonElement name, JsonElement output)
    {
        var item = Add(WireItemKind.FunctionCallOutput, part);
        item.CallId = id;
        item.IsLinkedByName = id is null;
        item.Named(name);
        item.Content = output;
        switch (output.ValueKind)
        {
            case JsonValueKind.String:
                item.Add(new WirePart(WirePartKind.Text, output));
                break;
            case JsonValueKind.Array when IsContent(output):
                AddContent(item, output);
                break;
            case not (JsonValueKind.Undefined or JsonValueKind.Null):
                item.Add(new WirePart(WirePartKind.Json, output));
                break;
        }
    }

    /// <summary>The message has thoughts: text to read, and something that only the provider can read. Either may be absent.</summary>
    public void Think(JsonElement part, JsonElement text, JsonElement encoded, string label)
    {
        if (!IsText(text) && !IsText(encoded))
        {
            return;
        }

        var item = Add(WireItemKind.Reasoning, part);
        if (IsText(text))
        {
            item.Add(new WirePart(WirePartKind.Text, text));
        }

        if (IsText(encoded))
        {
            item.Add(new WirePart(WirePartKind.Encoded, encoded, label: label));
        }
    }

    /// <summary>A message that has nothing in it is a message all the same.</summary>
    public void End()
    {
        if (!hasItems)
        {
            Message();
        }
    }

    /// <summary>What is to be looked up in the payload.</summary>
    public static WirePart Reference(JsonElement part, string? label) => new(WirePartKind.Reference, default, part, label ?? "content");

    public static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && !value.ValueEquals(""u8);

    private WireItem Message()
    {
        if (message is null)
        {
            hasItems = true;
            message = into.Add(WireItemKind.Message, source);
            message.Role = role;
            if (role is not ("system" or "developer" or "user" or "assistant" or "tool"))
            {
                message.Note(new WireDefect { Kind = WireDefectKind.UnknownRole, Subject = "a message", Word = role });
            }
        }

        return message;
    }

    // Null if the part is no text.
    private static JsonElement? TextOf(JsonElement part, out string? type)
    {
        type = null;
        if (part.ValueKind == JsonValueKind.String)
        {
            return part;
        }

        type = JsonText.MemberOrNull(part, "type");
        return type switch
        {
            "text" or "input_text" or "output_text" => JsonText.Member(part, "text"),
            "refusal" => JsonText.Member(part, "refusal"),
            _ => null,
        };
    }

    // A tool may give any list; only one of these things alone is content.
    private static bool IsContent(JsonElement list)
    {
        foreach (var part in list.EnumerateArray())
        {
            if (JsonText.MemberOrNull(part, "type") is not ("text" or "input_text" or "output_text" or "refusal" or "image" or "image_url" or "input_image"
                or "document" or "file" or "input_file" or "input_audio" or "search_result" or "tool_reference"))
            {
                return false;
            }
        }

        return true;
    }

    private static void AddContent(WireItem item, JsonElement content)
    {
        foreach (var part in content.EnumerateArray())
        {
            if (TextOf(part, out var type) is not { } text)
            {
                item.Add(Reference(part, type));
            }
            else if (text.ValueKind == JsonValueKind.String)
            {
                item.Add(new WirePart(WirePartKind.Text, text, part));
            }
        }
    }
}
