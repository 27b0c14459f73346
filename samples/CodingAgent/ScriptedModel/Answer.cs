using System.Text.Json.Nodes;

namespace CodingAgent.ScriptedModel;

/// <summary>What the scripted model answers.</summary>
/// <param name="Name">Name of the step, from which the response has its id.</param>
/// <param name="Items">The output items.</param>
internal sealed record Answer(string Name, params IReadOnlyList<JsonObject> Items)
{
    /// <summary>Whether the first attempt fails with an error of the server.</summary>
    public bool FailsFirst { get; init; }

    /// <summary>Whether the last item stops in the middle and nothing follows: the client has to give up.</summary>
    public bool Stalls { get; init; }

    public static JsonObject Says(string id, string text) => new()
    {
        ["id"] = $"msg_{id}",
        ["type"] = "message",
        ["status"] = "completed",
        ["role"] = "assistant",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["text"] = text }),
    };

    public static JsonObject Thinks(string id, string summary) => new()
    {
        ["id"] = $"rs_{id}",
        ["type"] = "reasoning",
        ["summary"] = new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = summary }),
        ["encrypted_content"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"what {id} means")),
    };

    public static JsonObject Calls(string callId, string tool, JsonObject arguments) => new()
    {
        ["id"] = $"fc_{callId}",
        ["type"] = "function_call",
        ["status"] = "completed",
        ["call_id"] = callId,
        ["name"] = tool,
        ["arguments"] = arguments.ToJsonString(),
    };

    public static JsonObject CallsCustom(string callId, string tool, string input) => new()
    {
        ["id"] = $"ctc_{callId}",
        ["type"] = "custom_tool_call",
        ["status"] = "completed",
        ["call_id"] = callId,
        ["name"] = tool,
        ["input"] = input,
    };
}
