using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>Turns what stood on the wire into what it says. An item with a defect is refused, unless its type alone is unknown and replay is tolerant.</summary>
internal sealed class ItemNormalizer(Tolerance tolerance)
{
    // Harnesses attach it for themselves: it is no part of what the model sees.
    private const string PassthroughMember = "internal_chat_message_metadata_passthrough";

    private static readonly JsonDocumentOptions NestedOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly WireItems items = new();

    /// <summary>The items that an entry of a list stands for; valid until the next reading.</summary>
    public WireItems Read(JsonElement entry, Dialect ofList)
    {
        items.Clear();
        Dialects.Read(entry, ofList, items);
        return items;
    }

    /// <summary>The items that the entries of one of the bundle's own lists stand for; valid until the next reading.</summary>
    public WireItems ReadList(JsonElement list)
    {
        items.Clear();
        Dialects.ReadList(list, Dialects.Default, items);
        return items;
    }

    /// <summary>What a response says, and its items; valid until the next reading.</summary>
    public WireItems ReadResponse(JsonElement response, string payloadId, out WireResponse said)
    {
        items.Clear();
        said = Dialects.OfResponse(response).ReadResponse(response, items);
        return said.Defect is { } defect ? throw Fault(defect, payloadId) : items;
    }

    /// <summary>The item's content, or null for one that does not count.</summary>
    public ItemContent? Normalize(WireItem item, string payloadId)
    {
        Check(item, payloadId);
        if (item.Kind == WireItemKind.ToolDefinitions)
        {
            return null;
        }

        var (role, channel, kind) = Place(item);
        return new ItemContent
        {
            Role = role,
            Channel = channel,
            Kind = kind,
            AgentMessage = item.Kind == WireItemKind.AgentMessage ? new AgentMessageAddress { Author = item.Author!, Recipient = item.Recipient! } : null,
            CallId = item.CallId,
            Parts = Parts(item, payloadId),
        };
    }

    private void Check(WireItem item, string payloadId)
    {
        if (item.Defect is not { } defect)
        {
            return;
        }

        if (defect.Kind != WireDefectKind.UnknownItemType)
        {
            throw Fault(defect, payloadId);
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.UnknownItemType,
            What = defect.Describe(payloadId),
            Kept = "it is kept as JSON",
        });
    }

    private static (ConversationRole Role, ConversationChannel? Channel, ConversationItemKind Kind) Place(WireItem item) => item.Kind switch
    {
        WireItemKind.Message => (Role(item), Channel(item), ConversationItemKind.Message),
        WireItemKind.AgentMessage => (ConversationRole.Assistant, ConversationChannel.Analysis, ConversationItemKind.Message),
        WireItemKind.Reasoning => (ConversationRole.Assistant, ConversationChannel.Analysis, ConversationItemKind.Reasoning),
        WireItemKind.FunctionCall or WireItemKind.BuiltInCall => (ConversationRole.Assistant, ConversationChannel.Commentary, ConversationItemKind.FunctionCall),
        WireItemKind.FunctionCallOutput or WireItemKind.BuiltInCallOutput =>
            (ConversationRole.Tool, ConversationChannel.Commentary, ConversationItemKind.FunctionCallOutput),
        WireItemKind.CustomToolCall => (ConversationRole.Assistant, ConversationChannel.Commentary, ConversationItemKind.CustomToolCall),
        WireItemKind.CustomToolCallOutput => (ConversationRole.Tool, ConversationChannel.Commentary, ConversationItemKind.CustomToolCallOutput),
        WireItemKind.CompactionSummary => (ConversationRole.Assistant, ConversationChannel.Summary, ConversationItemKind.Message),
        _ => (ConversationRole.Assistant, null, ConversationItemKind.Message),
    };

    private static ConversationRole Role(WireItem item) => item.Role switch
    {
        "system" => ConversationRole.System,
        "developer" => ConversationRole.Developer,
        "user" => ConversationRole.User,
        "tool" => ConversationRole.Tool,
        _ => ConversationRole.Assistant,
    };

    private static ConversationChannel? Channel(WireItem item) => item.Channel switch
    {
        "commentary" => ConversationChannel.Commentary,
        "final" => ConversationChannel.Final,
        "summary" => ConversationChannel.Summary,
        _ => null,
    };

    private static ConversationPart[] Parts(WireItem item, string payloadId)
    {
        var parts = new ConversationPart[item.Parts.Length];
        var count = 0;
        foreach (ref readonly var part in item.Parts)
        {
            if (Part(part, payloadId) is { } said)
            {
                parts[count++] = said;
            }
        }

        return count == parts.Length ? parts : parts[..count];
    }

    // Null for a text part that has no text.
    private static ConversationPart? Part(in WirePart part, string payloadId) => part.Kind switch
    {
        WirePartKind.Text when part.Value.ValueKind != JsonValueKind.String => null,
        WirePartKind.Text => new TextPart { Text = Text(part, payloadId) },
        WirePartKind.Summary => new SummaryPart { Text = Text(part, payloadId) },
        WirePartKind.Encoded => new EncodedPart { Label = part.Label!, Value = Text(part, payloadId) },
        WirePartKind.Code => new CodePart { Language = part.Label!, Source = Text(part, payloadId) },
        WirePartKind.Arguments when part.Value.ValueKind == JsonValueKind.String => JsonOrText(Text(part, payloadId), payloadId),
        WirePartKind.Arguments or WirePartKind.Json => Json(part.Value, leaveOut: null, payloadId) ?? throw InvalidText(payloadId),
        WirePartKind.Item => Json(part.Value, PassthroughMember, payloadId) ?? throw InvalidText(payloadId),
        WirePartKind.Reference => new PayloadReferencePart { Label = part.Label!, RawPayloadId = payloadId },
        _ => throw new InvalidOperationException($"unknown part {part.Kind}"),
    };

    private static string Text(in WirePart part, string payloadId)
    {
        var text = JsonText.Read(part.Value, out var isSound)!;
        return isSound ? text : throw InvalidText(payloadId);
    }

    private static ConversationPart JsonOrText(string text, string payloadId)
    {
        try
        {
            using var document = JsonDocument.Parse(text, NestedOptions);
            return Json(document.RootElement, leaveOut: null, payloadId) ?? (ConversationPart)new TextPart { Text = text };
        }
        catch (JsonException)
        {
            return new TextPart { Text = text };
        }
    }

    // Null where its beginning holds text that is not valid.
    private static JsonPart? Json(JsonElement value, string? leaveOut, string payloadId) =>
        CompactJson.Summarize(value, leaveOut) is { } summary ? new JsonPart { Summary = summary, RawPayloadId = payloadId } : null;

    private static ReductionFault Fault(WireDefect defect, string payloadId) =>
        defect.Kind == WireDefectKind.InvalidText ? InvalidText(payloadId) : ReductionFault.Payload(defect.Describe(payloadId));

    private static ReductionFault InvalidText(string payloadId) => ReductionFault.InvalidText($"payload {payloadId}");
}
