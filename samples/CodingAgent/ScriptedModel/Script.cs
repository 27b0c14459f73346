using System.Text.Json.Nodes;
using CodingAgent.Agents;

namespace CodingAgent.ScriptedModel;

/// <summary>What one agent's model answers: the first step whose call the conversation does not have yet.</summary>
internal abstract class Script
{
    public static Script For(Conversation conversation) =>
        conversation.LastWords == Prompts.Compact ? new SummaryScript()
        : conversation.LastWords is RootScript.FirstTask or RootScript.SecondTask ? new HelperScript()
        : conversation.Instructions.StartsWith($"You are {AgentPath.Root},", StringComparison.Ordinal) ? new RootScript()
        : new HelperScript();

    public abstract Answer Next(Conversation conversation);

    /// <summary>A call of a function, unless the conversation has it.</summary>
    protected static Answer? Call(Conversation conversation, string callId, string tool, JsonObject arguments, params IReadOnlyList<JsonObject> before) =>
        conversation.HasCall(callId) ? null : new Answer(callId["call_".Length..], [.. before, Answer.Calls(callId, tool, arguments)]);

    /// <summary>A call of a custom tool, unless the conversation has it.</summary>
    protected static Answer? CallCustom(Conversation conversation, string callId, string tool, string input, params IReadOnlyList<JsonObject> before) =>
        conversation.HasCall(callId) ? null : new Answer(callId["call_".Length..], [.. before, Answer.CallsCustom(callId, tool, input)]);
}
