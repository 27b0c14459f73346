using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodingAgent.ScriptedModel;

/// <summary>A conversation as the model sees it: everything that a script decides by.</summary>
internal sealed class Conversation(string instructions, IReadOnlyList<JsonObject> items, IReadOnlyList<string>? tools = null)
{
    /// <summary>The tool that asks a helper in another process; null where there is none.</summary>
    public string? Helper => tools?.FirstOrDefault(static tool => tool is "ask_helper" or "helper__ask");

    public string Instructions => instructions;

    public IReadOnlyList<JsonObject> Items => items;

    /// <summary>What the user, or another agent, said last.</summary>
    public string LastWords => items.Select(Words).Last(w => w is not null)!;

    public bool HasWords(string text) => items.Any(i => IsMessage(i, "user") && Texts(i).Contains(text, StringComparison.Ordinal));

    public bool HasCall(string callId) => items.Any(i => Type(i) is "function_call" or "custom_tool_call" && CallId(i) == callId);

    /// <summary>What a call gave; null if there is no such call or it has not been answered.</summary>
    public string? Output(string callId) => items.FirstOrDefault(i => Type(i) is "function_call_output" or "custom_tool_call_output" && CallId(i) == callId) is { } output
        ? output["output"] switch
        {
            JsonArray parts => string.Concat(parts.Select(p => (string?)p?["text"])),
            var text => (string?)text,
        }
        : null;

    /// <summary>A model's reckoning of its tokens: four bytes each.</summary>
    public static long Tokens(IEnumerable<JsonNode> of) => of.Sum(i => (long)JsonSerializer.SerializeToUtf8Bytes(i).Length) / 4;

    private static string? Words(JsonObject item) =>
        IsMessage(item, "user") || Type(item) == "agent_message" ? Texts(item)
        : IsMessage(item, "assistant") && Texts(item).StartsWith("{\"author\":", StringComparison.Ordinal) ? (string?)JsonNode.Parse(Texts(item))!["content"]
        : null;

    private static bool IsMessage(JsonObject item, string role) => Type(item) == "message" && (string?)item["role"] == role;

    private static string Type(JsonObject item) => (string?)item["type"] ?? "message";

    private static string? CallId(JsonObject item) => (string?)item["call_id"];

    private static string Texts(JsonObject item) => item["content"] switch
    {
        JsonArray parts => string.Concat(parts.Select(p => (string?)p?["text"])),
        var text => (string?)text ?? "",
    };
}
