using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Turns what stood on the wire into what it says. Of an item with a defect, if replay goes on, what is sound is kept, and what is not
/// as JSON: a bad part costs that part, and an item that says nothing that can be read its body.
/// </summary>
internal sealed class ItemNormalizer(Tolerance tolerance)
{
    // Harnesses attach it for themselves: it is no part of what the model sees.
    private static readonly string[] PassthroughMember = ["internal_chat_message_metadata_passthrough"];

    // What only one side of an exchange has, or what changes while the item is at work.
    private static readonly string[] NotOfItsIdentity = [.. PassthroughMember, "id", "status"];


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
    /// <param name="response">The payload.</param>
    /// <param name="payloadId">Its id.</param>
    /// <param name="said">What it says besides its items.</param>
    /// <param name="defect">Why its items cannot be known; null if they can.</param>
    /// <returns>Null if it is not known which items it has.</returns>
    public WireItems? ReadResponse(JsonElement response, string payloadId, out WireResponse said, out Defect? defect)
    {
        items.Clear();
        said = Dialects.ReadResponse(response, items);
        defect = null;
        if (said.Defect is { } wrong && !(wrong.IsShortForm && tolerance.TakesShortForms))
        {
            if (wrong.Kind == WireDefectKind.InvalidText)
            {
                throw InvalidText(payloadId);
            }

            defect = new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.UnknownDialect,
                What = wrong.Describe(payloadId),
                Kept = "nor is it in another dialect that is known; the response is kept without its items",
                Cause = Payload.CauseOf(payloadId),
            };
        }

        return defect is null ? items : null;
    }

    /// <summary>The item's content, or null for one that does not count.</summary>
    public ItemContent? Normalize(WireItem item, string payloadId)
    {
        if (item.Defect is { } defect && !(defect.IsShortForm && tolerance.TakesShortForms))
        {
            Check(item, defect, payloadId);
        }

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
            AgentMessage = item is { Author: not null, Recipient: not null } ? new AgentMessageAddress { Author = item.Author, Recipient = item.Recipient } : null,
            CallId = item.CallId,
            LinkName = item.IsLinkedByName ? item.Name ?? "" : null,
            Parts = Parts(item, payloadId),
            Whole = tolerance.TakesRewrites && item.Parts is [{ Kind: WirePartKind.Item } whole] ? CompactJson.Summarize(whole.Value, NotOfItsIdentity) : null,
        };
    }

    private void Check(WireItem item, WireDefect defect, string payloadId)
    {
        if (defect.Kind == WireDefectKind.InvalidText)
        {
            throw InvalidText(payloadId);
        }

        var unsound = new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = defect.Kind == WireDefectKind.UnknownItemType ? DiagnosticCodes.UnknownItemType : DiagnosticCodes.ItemUnsound,
            What = defect.Describe(payloadId),
            Kept = defect.Kind == WireDefectKind.UnknownRole ? $"it is kept as one of role '{Word(Role(item))}'" : "what cannot be read of it is kept as JSON",
            Cause = CauseOf(item.Source),
        };
        if (item.Kind == WireItemKind.Reasoning && defect.Kind == WireDefectKind.Empty)
        {
            // What the API sends by default.
            tolerance.Overlook(unsound);
        }
        else
        {
            tolerance.Accept(unsound);
        }
    }

    // The same item comes again in each request, and its defect is told once.
    private static string CauseOf(JsonElement source) => source.ValueKind == JsonValueKind.Undefined
        ? "an item that is not there"
        : $"item {Convert.ToHexString(SHA256.HashData(JsonMarshal.GetRawUtf8Value(source)))}";

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
        _ => (item.Role is null ? ConversationRole.Assistant : Role(item), null, ConversationItemKind.Message),
    };

    private static ConversationRole Role(WireItem item) => item.Role switch
    {
        "system" => ConversationRole.System,
        "developer" => ConversationRole.Developer,
        "user" => ConversationRole.User,
        "tool" => ConversationRole.Tool,
        "assistant" => ConversationRole.Assistant,
        _ => IsOutput(item) ? ConversationRole.Assistant : ConversationRole.User,
    };

    // Who has written a message of a role that nobody knows can be told by the types of its parts.
    private static bool IsOutput(WireItem item)
    {
        foreach (ref readonly var part in item.Parts)
        {
            if (JsonText.MemberOrNull(part.Source, "type") is "output_text" or "refusal")
            {
                return true;
            }
        }

        return false;
    }

    private static string Word(ConversationRole role) => role.ToString().ToLowerInvariant();


    private static ConversationChannel? Channel(WireItem item) => item.Channel switch
    {
        "commentary" => ConversationChannel.Commentary,
        "final" => ConversationChannel.Final,
        "summary" => ConversationChannel.Summary,
        _ => null,
    };

    private ConversationPart[] Parts(WireItem item, string payloadId)
    {
        if (item.Parts.IsEmpty && item.Defect is not null && item.Kind != WireItemKind.Reasoning)
        {
            return [Json(item.Source, PassthroughMember, payloadId) ?? throw InvalidText(payloadId)];
        }

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
    private ConversationPart? Part(in WirePart part, string payloadId) => part.Kind switch
    {
        _ when part.Defect is not null && part.Source.ValueKind != JsonValueKind.Undefined => Json(part.Source, [], payloadId) ?? throw InvalidText(payloadId),
        WirePartKind.Text when part.Value.ValueKind != JsonValueKind.String => null,
        WirePartKind.Text => new TextPart { Text = "", Stored = Stored(part, payloadId) },
        WirePartKind.Summary => new SummaryPart { Text = "", Stored = Stored(part, payloadId) },
        WirePartKind.Encoded => new EncodedPart { Label = part.Label!, Value = "", Stored = Stored(part, payloadId) },
        WirePartKind.Code => new CodePart { Language = part.Label!, Source = "", Stored = Stored(part, payloadId) },
        WirePartKind.Arguments when part.Value.ValueKind == JsonValueKind.String => JsonOrText(Text(part, payloadId), payloadId),
        WirePartKind.Arguments or WirePartKind.Json => Json(part.Value, [], payloadId) ?? throw InvalidText(payloadId),
        WirePartKind.Item => Json(part.Value, PassthroughMember, payloadId) ?? throw InvalidText(payloadId),
        WirePartKind.TextOrReference when tolerance.TakesShortForms => new TextPart { Text = "", Stored = Stored(part, payloadId) },
        WirePartKind.Reference or WirePartKind.TextOrReference => new PayloadReferencePart { Label = part.Label!, RawPayloadId = payloadId },
        _ => throw new InvalidOperationException($"unknown part {part.Kind}"),
    };

    private static StoredText Stored(in WirePart part, string payloadId) => StoredText.LongOrNull(part.Value) ?? StoredText.Of(Text(part, payloadId));

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
            return Json(document.RootElement, [], payloadId) ?? (ConversationPart)new TextPart { Text = text };
        }
        catch (JsonException)
        {
            return new TextPart { Text = text };
        }
    }

    /// <summary>The whole of which a JSON part has the beginning; null if the part is no JSON, or not valid text.</summary>
    public static string? WholeJson(in WirePart part) => part.Kind switch
    {
        _ when part.Defect is not null && part.Source.ValueKind != JsonValueKind.Undefined => CompactJson.Of(part.Source),
        WirePartKind.Arguments when part.Value.ValueKind == JsonValueKind.String => WholeJson(JsonText.Read(part.Value, out _)!),
        WirePartKind.Arguments or WirePartKind.Json => CompactJson.Of(part.Value),
        WirePartKind.Item => CompactJson.Of(part.Value, PassthroughMember),
        _ => null,
    };

    private static string? WholeJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, NestedOptions);
            return CompactJson.Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Null where its beginning holds text that is not valid.
    private static JsonPart? Json(JsonElement value, string[] leaveOut, string payloadId) =>
        CompactJson.Summarize(value, leaveOut) is { } summary ? new JsonPart { Summary = summary, RawPayloadId = payloadId } : null;

    private static ReductionFault InvalidText(string payloadId) => ReductionFault.InvalidText($"payload {payloadId}");
}
