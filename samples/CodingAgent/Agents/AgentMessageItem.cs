using System.Text.Json.Nodes;
using CodingAgent.Model;
using OpenAI.Responses;

namespace CodingAgent.Agents;

/// <summary>What one agent says to another, as the other's model sees it.</summary>
internal static class AgentMessageItem
{
    public static ResponseItem Create(ModelEndpoint endpoint, string author, string recipient, string text) =>
        endpoint.KnowsAgentMessages ? AsItem(author, recipient, text) : AsAssistantMessage(author, recipient, text);

    private static ResponseItem AsItem(string author, string recipient, string text) => Wire.Item(new JsonObject
    {
        ["type"] = "agent_message",
        ["author"] = author,
        ["recipient"] = recipient,
        ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
    });

    private static MessageResponseItem AsAssistantMessage(string author, string recipient, string text) =>
        ResponseItem.CreateAssistantMessageItem(new JsonObject
        {
            ["author"] = author,
            ["recipient"] = recipient,
            ["other_recipients"] = new JsonArray(),
            ["content"] = text,
            ["trigger_turn"] = true,
        }.ToJsonString());
}
