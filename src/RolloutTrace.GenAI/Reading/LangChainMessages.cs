using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Messages as LangChain writes itself: what is said is under <c>kwargs</c> or <c>data</c>, and the role is a type of message.</summary>
internal static class LangChainMessages
{
    /// <summary>The message inside; the message itself if there is none.</summary>
    public static JsonElement Inner(JsonElement message)
    {
        foreach (var name in (ReadOnlySpan<string>)["kwargs", "data"])
        {
            if (JsonText.Member(message, name) is { ValueKind: JsonValueKind.Object } inner && JsonText.Member(inner, "content").ValueKind != JsonValueKind.Undefined)
            {
                return inner;
            }
        }

        return message;
    }

    /// <summary>The role that a type of message stands for; null if it stands for none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="inner">What is inside it.</param>
    public static string? Role(JsonElement message, JsonElement inner) => (JsonText.MemberOrNull(inner, "type") ?? JsonText.MemberOrNull(message, "type")) switch
    {
        "human" or "HumanMessage" or "HumanMessageChunk" => "user",
        "ai" or "AIMessage" or "AIMessageChunk" => "assistant",
        "system" or "SystemMessage" => "system",
        "tool" or "ToolMessage" => "tool",
        _ => null,
    };

    /// <summary>What a tool gave, where it gave a message to the model; null if it gave something else.</summary>
    /// <param name="result">What the tool gave.</param>
    /// <param name="callId">The call that it is for.</param>
    public static JsonElement? ToolMessage(JsonElement result, out string? callId)
    {
        var inner = Inner(result);
        callId = JsonText.MemberOrNull(inner, "tool_call_id");
        return callId is not null && JsonText.Member(inner, "content") is { ValueKind: not JsonValueKind.Undefined } content ? content : null;
    }
}
