using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace CodingAgent.Tests;

/// <summary>An item of a conversation as a line of text, the same for one on the wire and for one in a state.</summary>
internal static class ItemText
{
    private const int SummaryLength = 240;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string OfWire(JsonObject item) => (string?)item["type"] switch
    {
        "message" => $"{item["role"]}: {Texts(item["content"])}",
        "agent_message" => $"{item["author"]} to {item["recipient"]}: {Texts(item["content"])}",
        "reasoning" => $"reasoning: {Texts(item["summary"])} [{item["encrypted_content"]}]",
        "function_call" => $"function_call {item["call_id"]}: {Summary((string)item["arguments"]!)}",
        "custom_tool_call" => $"custom_tool_call {item["call_id"]}: {item["input"]}",
        "function_call_output" or "custom_tool_call_output" => $"{item["type"]} {item["call_id"]}: {Texts(item["output"])}",
        var type => throw new InvalidOperationException($"an item of type {type}"),
    };

    public static string OfState(ConversationItem item) => item switch
    {
        { AgentMessage: { } address } => $"{address.Author} to {address.Recipient}: {Parts(item)}",
        { Kind: ConversationItemKind.Message } => $"{Word(item.Role)}: {Parts(item)}",
        { Kind: ConversationItemKind.Reasoning } => $"reasoning: {Parts(item)}",
        { Kind: ConversationItemKind.CompactionMarker } => "compaction",
        _ => $"{Word(item.Kind)} {item.CallId}: {Parts(item)}",
    };

    private static string Parts(ConversationItem item) => string.Concat(item.Body.Parts.Select(part => part switch
    {
        TextPart text => text.Text,
        SummaryPart summary => summary.Text,
        EncodedPart encoded => $" [{encoded.Value}]",
        CodePart code => code.Source,
        JsonPart json => json.Summary,
        _ => throw new InvalidOperationException($"a part of type {part.GetType()}"),
    }));

    private static string Texts(JsonNode? content) => content is JsonArray parts ? string.Concat(parts.Select(p => (string)p!["text"]!)) : (string)content!;

    private static string Summary(string arguments)
    {
        var compact = JsonNode.Parse(arguments)!.ToJsonString(Plain);
        return compact.Length <= SummaryLength ? compact : $"{compact[..SummaryLength]}...";
    }

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
