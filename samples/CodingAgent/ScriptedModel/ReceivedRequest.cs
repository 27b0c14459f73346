using System.Text.Json.Nodes;

namespace CodingAgent.ScriptedModel;

/// <summary>A request as the server received it.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Json">Its JSON.</param>
/// <param name="Conversation">What the model sees: for an incremental request, with what it builds on.</param>
/// <param name="Answer">What was answered.</param>
internal sealed record ReceivedRequest(byte[] Body, JsonObject Json, Conversation Conversation, Answer Answer);
