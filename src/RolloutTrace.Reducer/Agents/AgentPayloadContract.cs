using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;

namespace RolloutTrace.Reducer.Agents;

/// <summary>
/// The members that Codex requires in the typed payloads of agent tools, whether or not their values are used. A payload that lacks
/// one is refused by it, and so by a strict reduction; a tolerant one uses what is there.
/// </summary>
internal static class AgentPayloadContract
{
    private static readonly string[] StatusWords = ["pending_init", "running", "interrupted", "shutdown", "not_found"];
    private static readonly string[] ActivityTexts = ["event_id", "agent_thread_id", "agent_path", "kind"];
    private static readonly string[] SpawnTexts = ["model", "reasoning_effort"];
    private static readonly string[] ThreadIds = ["sender_thread_id", "new_thread_id", "receiver_thread_id"];

    /// <summary>What is wrong with the end of an agent tool; null if nothing is.</summary>
    public static string? ComplaintOfEnd(PayloadDocument end, ToolCallKindType kind)
    {
        var root = end.Root;
        return NoText(root, ["call_id"])
            ?? (kind == ToolCallKindType.SpawnAgent ? NoText(root, SpawnTexts) : null)
            ?? (IsStatus(PayloadDocument.Member(root, "status")) ? null : "no 'status' that is known")
            ?? NoThreadId(root, ThreadIds);
    }

    /// <summary>What is wrong with the newer form of such an end; null if nothing is.</summary>
    public static string? ComplaintOfActivity(PayloadDocument activity) =>
        NoText(activity.Root, ActivityTexts) ?? NoThreadId(activity.Root, ["agent_thread_id"]);

    private static string? NoText(JsonElement root, string[] members)
    {
        foreach (var member in members)
        {
            if (PayloadDocument.Member(root, member).ValueKind != JsonValueKind.String)
            {
                return $"no string '{member}'";
            }
        }

        return null;
    }

    private static string? NoThreadId(JsonElement root, string[] members)
    {
        foreach (var member in members)
        {
            if (PayloadDocument.TextOrNull(root, member) is { } id && !Guid.TryParse(id, out _))
            {
                return $"a '{member}' that is no UUID";
            }
        }

        return null;
    }

    private static bool IsStatus(JsonElement status)
    {
        if (status.ValueKind == JsonValueKind.String)
        {
            return StatusWords.Contains(PayloadDocument.TextOf(status));
        }

        if (status.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var members = status.EnumerateObject();
        return members.MoveNext()
            && ((members.Current.NameEquals("completed"u8) && members.Current.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
                || (members.Current.NameEquals("errored"u8) && members.Current.Value.ValueKind == JsonValueKind.String))
            && !members.MoveNext();
    }
}
