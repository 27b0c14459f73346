using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>
/// What a model was given and what it gave, in any dialect, as messages of OpenTelemetry's conventions. What follows each other of the
/// model is one message; one that says nothing is none.
/// </summary>
internal static class GenAIMessages
{
    /// <summary>The messages of a request, oldest first; empty if it has no list in any dialect.</summary>
    public static List<GenAIMessage> OfRequest(JsonElement request)
    {
        var messages = new List<GenAIMessage>();
        var list = Dialects.ListOf(request);
        if (list.ValueKind == JsonValueKind.String)
        {
            var message = new GenAIMessage(GenAIMessage.User, name: null);
            AddText(message, list);
            AddTo(messages, message);
        }
        else if (list.ValueKind == JsonValueKind.Array)
        {
            var dialect = Dialects.OfRequest(request);
            var items = new WireItems();
            foreach (var entry in list.EnumerateArray())
            {
                items.Clear();
                Dialects.Read(entry, dialect, items);
                foreach (var item in items)
                {
                    Add(messages, item);
                }
            }
        }

        return messages;
    }

    /// <summary>What a model gave, as one message; null if it says nothing.</summary>
    /// <param name="items">The items of a response.</param>
    /// <param name="finishReason">Why it stopped.</param>
    public static GenAIMessage? OfResponse(WireItems items, string finishReason)
    {
        var message = new GenAIMessage(GenAIMessage.Assistant, name: null) { FinishReason = finishReason };
        foreach (var item in items)
        {
            AddParts(message, item);
        }

        return message.IsEmpty ? null : message;
    }

    /// <summary>How many of the first messages are the system's.</summary>
    public static int Leading(List<GenAIMessage> messages)
    {
        var leading = messages.FindIndex(static message => !message.IsSystem);
        return leading < 0 ? messages.Count : leading;
    }

    private static void Add(List<GenAIMessage> messages, WireItem item)
    {
        var role = item.Kind switch
        {
            WireItemKind.Message => item.Role ?? GenAIMessage.Assistant,
            WireItemKind.AgentMessage => GenAIMessage.User,
            WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput or WireItemKind.BuiltInCallOutput => GenAIMessage.Tool,
            _ => GenAIMessage.Assistant,
        };
        if (role == GenAIMessage.Assistant && messages is [.., { Role: GenAIMessage.Assistant } last])
        {
            AddParts(last, item);
            return;
        }

        var message = new GenAIMessage(Spans.SpanTags.Cut(role), item.Author is { } author ? Spans.SpanTags.Cut(author) : null);
        AddParts(message, item);
        AddTo(messages, message);
    }

    private static void AddTo(List<GenAIMessage> messages, GenAIMessage message)
    {
        if (!message.IsEmpty)
        {
            messages.Add(message);
        }
    }

    private static void AddParts(GenAIMessage message, WireItem item)
    {
        switch (item.Kind)
        {
            case WireItemKind.Message or WireItemKind.AgentMessage:
                AddContent(message, item);
                break;
            case WireItemKind.Reasoning:
                foreach (ref readonly var part in item.Parts)
                {
                    if (part.Kind != WirePartKind.Encoded && MessageItems.IsText(part.Value))
                    {
                        message.Add(GenAIPart.Reasoning(part.Value));
                    }
                }

                break;
            case WireItemKind.FunctionCall or WireItemKind.CustomToolCall:
                message.Add(GenAIPart.ToolCall(item.Content, item.CallId, item.Name));
                break;
            case WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput:
                message.Add(GenAIPart.ToolCallResponse(item.Content, item.CallId));
                break;
            case WireItemKind.BuiltInCall:
                AddBuiltInCall(message, item);
                break;
            case WireItemKind.BuiltInCallOutput:
                message.Add(GenAIPart.ToolCallResponse(JsonText.Member(item.Source, "output") is { ValueKind: not JsonValueKind.Undefined } output ? output : item.Source, item.CallId));
                break;
            case WireItemKind.CompactionSummary:
                message.Add(GenAIPart.Other("compaction", default, JsonText.MemberOrNull(item.Source, "id")));
                break;
            case WireItemKind.ToolDefinitions:
                break;
            default:
                message.Add(GenAIPart.Source(item.Source, label: null));
                break;
        }
    }

    private static void AddContent(GenAIMessage message, WireItem item)
    {
        foreach (ref readonly var part in item.Parts)
        {
            switch (part.Kind)
            {
                case WirePartKind.TextOrReference when part.Label == "refusal":
                    message.Add(GenAIPart.Other("refusal", part.Value));
                    break;
                case WirePartKind.Text or WirePartKind.TextOrReference:
                    AddText(message, part.Value);
                    break;
                case WirePartKind.Summary when MessageItems.IsText(part.Value):
                    message.Add(GenAIPart.Reasoning(part.Value));
                    break;
                case WirePartKind.Code:
                    message.Add(GenAIPart.Other("code", part.Value));
                    break;
                case WirePartKind.Json:
                    message.Add(GenAIPart.Other("json", part.Value));
                    break;
                case WirePartKind.Reference when part.Source.ValueKind != JsonValueKind.Undefined:
                    message.Add(GenAIPart.Source(part.Source, part.Label));
                    break;
            }
        }
    }

    private static void AddText(GenAIMessage message, JsonElement text)
    {
        if (MessageItems.IsText(text))
        {
            message.Add(GenAIPart.Text(text));
        }
    }

    // Some are carried out by the provider and some by the program.
    private static void AddBuiltInCall(GenAIMessage message, WireItem item)
    {
        var type = JsonText.MemberOrNull(item.Source, "type") ?? "call";
        var name = type.EndsWith("_call", StringComparison.Ordinal) ? type[..^"_call".Length] : type;
        if (BuiltInCalls.IsForProgram(type))
        {
            message.Add(GenAIPart.ToolCall(FirstMember(item.Source, "action", "arguments", "operation"), item.CallId, name));
        }
        else
        {
            message.Add(GenAIPart.ServerToolCall(item.Source, item.CallId ?? JsonText.MemberOrNull(item.Source, "id"), name));
        }
    }

    private static JsonElement FirstMember(JsonElement source, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonText.Member(source, name) is { ValueKind: not JsonValueKind.Undefined } found)
            {
                return found;
            }
        }

        return default;
    }
}
