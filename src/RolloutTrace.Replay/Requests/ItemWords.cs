using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Requests;

/// <summary>
/// What an item says, in one form for all APIs, for people to read and to be compared. Reasoning says nothing: it is the model's own, and clients
/// drop it when they send a history back. Nor does a message of the model's without words.
/// </summary>
internal static class ItemWords
{
    private const string System = "system";

    /// <summary>What an item says; null if it does not count.</summary>
    public static string? Of(WireItem item) => item.Kind switch
    {
        WireItemKind.Message => Message(item),
        WireItemKind.AgentMessage => $"message from {item.Author} to {item.Recipient}: {Parts(item)}",
        WireItemKind.Reasoning => null,
        WireItemKind.FunctionCall or WireItemKind.CustomToolCall => $"call of {item.Name} {CanonicalJson.OfText(Text(item.Content))}",
        WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput => $"output: {CanonicalJson.OfOutput(Parts(item))}",
        WireItemKind.CompactionSummary => "summary",
        _ => CanonicalJson.Of(item.Source, "id", "status", "call_id", "encrypted_content"),
    };

    /// <summary>What a message of the system says; null if the item is none.</summary>
    public static string? OfSystem(WireItem item) => item is { Kind: WireItemKind.Message, Role: System or "developer" } ? Parts(item) : null;

    private static string? Message(WireItem item)
    {
        var role = item.Role is "developer" ? System : item.Role;
        var words = Parts(item);
        return words.Length == 0 && role is not "user" ? null : $"{role}: {words}";
    }

    private static string Parts(WireItem item)
    {
        var text = new StringBuilder();
        foreach (var part in item.Parts)
        {
            text.Append(part.Kind switch
            {
                WirePartKind.Encoded => $"[{part.Label}]",
                WirePartKind.Reference => Reference(part),
                _ => Text(part.Value),
            });
        }

        return text.ToString();
    }

    private static string Text(JsonElement value) => JsonText.Read(value, out _) ?? CanonicalJson.Of(value);

    // An image or a file is its address or its bytes, which every API has in a member of another name: they are the longest text in it.
    private static string Reference(in WirePart part)
    {
        var longest = "";
        Longest(part.Source, ref longest);
        var comma = longest.StartsWith("data:", StringComparison.Ordinal) ? longest.IndexOf(',', StringComparison.Ordinal) : -1;
        return $"[{(longest.Length == 0 ? part.Label : longest[(comma + 1)..])}]";
    }

    private static void Longest(JsonElement value, ref string longest)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Longest(member.Value, ref longest);
                }

                break;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                {
                    Longest(entry, ref longest);
                }

                break;
            case JsonValueKind.String when JsonText.Read(value, out _) is { } text && text.Length > longest.Length:
                longest = text;
                break;
        }
    }
}
