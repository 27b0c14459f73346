using System.Text.Json.Nodes;
using RolloutTrace;

namespace QuickStart;

/// <summary>Items of a conversation as JSON, as a Responses API has them.</summary>
internal static class Item
{
    public static string User(string text) => Message("user", "input_text", text);

    public static string Assistant(string text) => Message("assistant", "output_text", text);

    public static string Reasoning(string text) =>
        new JsonObject { ["type"] = "reasoning", ["summary"] = new JsonArray(Text("summary_text", text)) }.ToJsonString();

    public static string FunctionCall(string callId, string name, string arguments) =>
        new JsonObject { ["type"] = "function_call", ["call_id"] = callId, ["name"] = name, ["arguments"] = arguments }.ToJsonString();

    public static string FunctionOutput(string callId, string output) =>
        new JsonObject { ["type"] = "function_call_output", ["call_id"] = callId, ["output"] = output }.ToJsonString();

    public static string CustomCall(string callId, string name, string input) =>
        new JsonObject { ["type"] = "custom_tool_call", ["call_id"] = callId, ["name"] = name, ["input"] = input }.ToJsonString();

    public static string CustomOutput(string callId, string output) =>
        new JsonObject { ["type"] = "custom_tool_call_output", ["call_id"] = callId, ["output"] = output }.ToJsonString();

    /// <summary>What one agent says to another, as the other's model sees it.</summary>
    public static string AgentMessage(AgentSession author, AgentSession recipient, string text) => new JsonObject
    {
        ["type"] = "agent_message",
        ["author"] = author.AgentPath,
        ["recipient"] = recipient.AgentPath,
        ["content"] = new JsonArray(Text("input_text", text)),
    }.ToJsonString();

    private static string Message(string role, string type, string text) =>
        new JsonObject { ["type"] = "message", ["role"] = role, ["content"] = new JsonArray(Text(type, text)) }.ToJsonString();

    private static JsonObject Text(string type, string text) => new() { ["type"] = type, ["text"] = text };
}
