using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>Turns one item of a model-facing payload into what it says.</summary>
internal sealed class ItemNormalizer(IDiagnosticSink diagnostics)
{
    // Harnesses attach it for themselves: it is no part of what the model sees.
    private const string PassthroughMember = "internal_chat_message_metadata_passthrough";
    private const string EncryptedContent = "encrypted_content";

    private static readonly JsonDocumentOptions NestedOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The item's content, or null for one that does not count.</summary>
    public ItemContent? Normalize(JsonElement item, string payloadId)
    {
        var type = PayloadDocument.TextOrNull(item, "type")
            ?? throw ReductionFault.Payload($"a model item in payload {payloadId} has no string 'type'");
        return type switch
        {
            "additional_tools" => null,
            "message" => Message(item, payloadId),
            "agent_message" => AgentMessage(item, payloadId),
            "reasoning" => Reasoning(item, payloadId),
            "function_call" => Call(item, payloadId, ConversationItemKind.FunctionCall, Arguments(item, payloadId)),
            "function_call_output" => Output(item, payloadId, ConversationItemKind.FunctionCallOutput, OutputParts(item, payloadId)),
            "custom_tool_call" => Call(item, payloadId, ConversationItemKind.CustomToolCall, CustomInput(item, payloadId)),
            "custom_tool_call_output" => Output(item, payloadId, ConversationItemKind.CustomToolCallOutput, OutputParts(item, payloadId)),
            "tool_search_call" or "web_search_call" or "image_generation_call" or "local_shell_call" =>
                Call(item, payloadId, ConversationItemKind.FunctionCall, WholeItem(item, payloadId)),
            "tool_search_output" or "mcp_tool_call_output" =>
                Output(item, payloadId, ConversationItemKind.FunctionCallOutput, WholeItem(item, payloadId)),
            "compaction" or "compaction_summary" or "context_compaction" => CompactionSummary(item, type, payloadId),
            _ => Unknown(item, type, payloadId),
        };
    }

    private ItemContent Unknown(JsonElement item, string type, string payloadId)
    {
        if (!diagnostics.IsTolerant)
        {
            throw ReductionFault.Payload($"payload {payloadId} holds a model item of the unknown type '{type}'");
        }

        diagnostics.Note(
            DiagnosticSeverity.Warning,
            DiagnosticCodes.UnknownItemType,
            $"payload {payloadId} holds a model item of the unknown type '{type}'; it is kept as JSON");
        return new ItemContent
        {
            Role = ConversationRole.Assistant,
            Kind = ConversationItemKind.Message,
            Parts = [WholeItem(item, payloadId)],
        };
    }

    private static ItemContent Message(JsonElement item, string payloadId) => new()
    {
        Role = PayloadDocument.TextOrNull(item, "role") switch
        {
            "system" => ConversationRole.System,
            "developer" => ConversationRole.Developer,
            "user" => ConversationRole.User,
            "assistant" => ConversationRole.Assistant,
            "tool" => ConversationRole.Tool,
            var role => throw ReductionFault.Payload($"a message in payload {payloadId} has the unknown role '{role}'"),
        },
        Channel = PayloadDocument.TextOrNull(item, "phase") switch
        {
            "commentary" => ConversationChannel.Commentary,
            "final_answer" => ConversationChannel.Final,
            "summary" => ConversationChannel.Summary,
            _ => null,
        },
        Kind = ConversationItemKind.Message,
        Parts = ContentParts(PayloadDocument.Member(item, "content"), payloadId),
    };

    private static ItemContent AgentMessage(JsonElement item, string payloadId)
    {
        var content = PayloadDocument.Member(item, "content");
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            throw ReductionFault.Payload($"an agent_message in payload {payloadId} has no content");
        }

        var parts = new List<ConversationPart>();
        foreach (var entry in content.EnumerateArray())
        {
            parts.Add(PayloadDocument.TextOrNull(entry, "type") switch
            {
                "input_text" => new TextPart { Text = RequiredText(entry, "text", payloadId) },
                EncryptedContent => new EncodedPart { Label = EncryptedContent, Value = RequiredText(entry, EncryptedContent, payloadId) },
                var type => throw ReductionFault.Payload($"an agent_message in payload {payloadId} has content of the unknown type '{type}'"),
            });
        }

        return new ItemContent
        {
            Role = ConversationRole.Assistant,
            Channel = ConversationChannel.Analysis,
            Kind = ConversationItemKind.Message,
            AgentMessage = new AgentMessageAddress
            {
                Author = RequiredText(item, "author", payloadId),
                Recipient = RequiredText(item, "recipient", payloadId),
            },
            Parts = parts,
        };
    }

    private static ItemContent Reasoning(JsonElement item, string payloadId)
    {
        var parts = new List<ConversationPart>();
        var content = PayloadDocument.Member(item, "content");
        if (content.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            foreach (var entry in ReasoningEntries(content, "content", payloadId))
            {
                parts.Add(PayloadDocument.TextOrNull(entry, "type") is "reasoning_text" or "text"
                    ? new TextPart { Text = RequiredText(entry, "text", payloadId) }
                    : throw ReductionFault.Payload($"a reasoning item in payload {payloadId} has content of an unknown type"));
            }
        }

        var summary = PayloadDocument.Member(item, "summary");
        if (summary.ValueKind != JsonValueKind.Undefined)
        {
            foreach (var entry in ReasoningEntries(summary, "summary", payloadId))
            {
                parts.Add(PayloadDocument.TextOrNull(entry, "type") is "summary_text"
                    ? new SummaryPart { Text = RequiredText(entry, "text", payloadId) }
                    : throw ReductionFault.Payload($"a reasoning item in payload {payloadId} has a summary of an unknown type"));
            }
        }

        if (PayloadDocument.Member(item, EncryptedContent).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            parts.Add(new EncodedPart { Label = EncryptedContent, Value = RequiredText(item, EncryptedContent, payloadId) });
        }

        return new ItemContent
        {
            Role = ConversationRole.Assistant,
            Channel = ConversationChannel.Analysis,
            Kind = ConversationItemKind.Reasoning,
            Parts = parts.Count > 0
                ? parts
                : throw ReductionFault.Payload($"a reasoning item in payload {payloadId} has no content, summary or encrypted_content"),
        };
    }

    private static JsonElement.ArrayEnumerator ReasoningEntries(JsonElement list, string member, string payloadId) =>
        list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw ReductionFault.Payload($"a reasoning item in payload {payloadId} has a '{member}' that is no list");

    private static ItemContent CompactionSummary(JsonElement item, string type, string payloadId) => new()
    {
        Role = ConversationRole.Assistant,
        Channel = ConversationChannel.Summary,
        Kind = ConversationItemKind.Message,
        Parts =
        [
            new EncodedPart
            {
                Label = EncryptedContent,
                Value = PayloadDocument.TextOrNull(item, EncryptedContent)
                    ?? throw ReductionFault.Payload($"a {type} item in payload {payloadId} has no string 'encrypted_content'"),
            },
        ],
    };

    private static ItemContent Call(JsonElement item, string payloadId, ConversationItemKind kind, ConversationPart part) => new()
    {
        Role = ConversationRole.Assistant,
        Channel = ConversationChannel.Commentary,
        Kind = kind,
        CallId = PayloadDocument.TextOrNull(item, "call_id"),
        Parts = [part],
    };

    private static ItemContent Output(JsonElement item, string payloadId, ConversationItemKind kind, params IReadOnlyList<ConversationPart> parts) => new()
    {
        Role = ConversationRole.Tool,
        Channel = ConversationChannel.Commentary,
        Kind = kind,
        CallId = PayloadDocument.TextOrNull(item, "call_id"),
        Parts = parts,
    };

    private static ConversationPart Arguments(JsonElement item, string payloadId)
    {
        var arguments = PayloadDocument.Member(item, "arguments");
        return arguments.ValueKind switch
        {
            JsonValueKind.Undefined => new PayloadReferencePart { Label = "payload", RawPayloadId = payloadId },
            JsonValueKind.String => JsonOrText(PayloadDocument.TextOrNull(item, "arguments")!, payloadId),
            _ => Json(arguments, payloadId),
        };
    }

    private static ConversationPart CustomInput(JsonElement item, string payloadId) => (PayloadDocument.TextOrNull(item, "input"), PayloadDocument.TextOrNull(item, "name")) switch
    {
        (null, _) => WholeItem(item, payloadId),
        ({ } source, "exec") => new CodePart { Language = "javascript", Source = source },
        ({ } text, _) => new TextPart { Text = text },
    };

    private static IReadOnlyList<ConversationPart> OutputParts(JsonElement item, string payloadId)
    {
        var output = PayloadDocument.Member(item, "output");
        return output.ValueKind switch
        {
            JsonValueKind.Undefined => [new PayloadReferencePart { Label = "tool_output", RawPayloadId = payloadId }],
            JsonValueKind.String => [new TextPart { Text = PayloadDocument.TextOrNull(item, "output")! }],
            JsonValueKind.Array => ContentParts(output, payloadId),
            _ => [Json(output, payloadId)],
        };
    }

    private static IReadOnlyList<ConversationPart> ContentParts(JsonElement content, string payloadId)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            return [new PayloadReferencePart { Label = "content", RawPayloadId = payloadId }];
        }

        var parts = new List<ConversationPart>(content.GetArrayLength());
        foreach (var entry in content.EnumerateArray())
        {
            switch (PayloadDocument.TextOrNull(entry, "type"))
            {
                case "input_text" or "output_text" or "text":
                    if (PayloadDocument.TextOrNull(entry, "text") is { } text)
                    {
                        parts.Add(new TextPart { Text = text });
                    }

                    break;
                case var type:
                    parts.Add(new PayloadReferencePart { Label = type ?? "content", RawPayloadId = payloadId });
                    break;
            }
        }

        return parts.Count > 0 ? parts : [new PayloadReferencePart { Label = "empty_content", RawPayloadId = payloadId }];
    }

    private static ConversationPart JsonOrText(string text, string payloadId)
    {
        try
        {
            using var document = JsonDocument.Parse(text, NestedOptions);
            return Json(document.RootElement, payloadId);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new TextPart { Text = text };
        }
    }

    private static JsonPart WholeItem(JsonElement item, string payloadId) =>
        new() { Summary = CompactJson.Summarize(item, leaveOut: PassthroughMember), RawPayloadId = payloadId };

    private static JsonPart Json(JsonElement value, string payloadId) =>
        new() { Summary = CompactJson.Summarize(value), RawPayloadId = payloadId };

    private static string RequiredText(JsonElement parent, string member, string payloadId) =>
        PayloadDocument.TextOrNull(parent, member) ?? throw ReductionFault.Payload($"a model item in payload {payloadId} has no string '{member}'");
}
