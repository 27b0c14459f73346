using RolloutTrace.Bundle;
using System.Text.Json;

namespace RolloutTrace.Reducer.Agents;

/// <summary>Recognises the conversation items by which a message from an agent reaches another agent's model.</summary>
internal static class DeliveryItem
{
    private const string EncryptedContent = "encrypted_content";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>Author, recipient and message of a delivery; null for any other item.</summary>
    public static (string Author, string Recipient, string Message)? Read(ConversationItem item)
    {
        if (item is not { Kind: ConversationItemKind.Message, Role: ConversationRole.Assistant })
        {
            return null;
        }

        if (item.AgentMessage is { } address)
        {
            return Message(item.Body.Parts) is { } message ? (address.Author, address.Recipient, message) : null;
        }

        return item.Body.Parts is [TextPart { Text: var text }] && text.AsSpan().TrimStart() is ['{', ..] ? ReadJson(text) : null;
    }

    private static string? Message(IReadOnlyList<ConversationPart> parts) => parts switch
    {
        [TextPart text] => text.Text,
        [EncodedPart { Label: EncryptedContent } encoded] => encoded.Value,
        [TextPart, EncodedPart { Label: EncryptedContent } encoded] => encoded.Value,
        _ => null,
    };

    // How older recordings carry the same thing.
    private static (string Author, string Recipient, string Message)? ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && Text(root, "author") is { } author
                && Text(root, "recipient") is { } recipient
                && Text(root, "content") is { } content
                && root.TryGetProperty("trigger_turn", out var trigger) && trigger.ValueKind is JsonValueKind.True or JsonValueKind.False
                && (!root.TryGetProperty("other_recipients", out var others) || others.ValueKind == JsonValueKind.Array)
                ? (author, recipient, Text(root, EncryptedContent) ?? content)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Any text may begin with a brace; what is no delivery is just a message.
            return null;
        }
    }

    private static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
