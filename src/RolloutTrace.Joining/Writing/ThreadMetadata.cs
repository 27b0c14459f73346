using System.Text.Json;
using RolloutTrace.Joining.Parts;
using RolloutTrace.Joining.Tree;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Writing;

/// <summary>A thread's metadata as the whole needs it: its place below whoever called it, and what the part itself had said.</summary>
/// <param name="names">Where threads are.</param>
/// <param name="ids">What ids are in the whole.</param>
internal sealed class ThreadMetadata(AgentNames names, IdTable ids)
{
    /// <summary>The metadata; null where it stays as it is.</summary>
    /// <param name="group">The thread's rollout.</param>
    /// <param name="part">The part that starts it.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="isRoot">Whether the rollout is the root of all.</param>
    /// <param name="own">What the part has; undefined where it has none.</param>
    public byte[]? Of(RolloutGroup group, Part part, string threadId, bool isRoot, JsonElement own)
    {
        var spawn = JsonText.Member(JsonText.Member(JsonText.Member(own, "session_source"), "subagent"), "thread_spawn");
        var ownTool = JsonText.MemberOrNull(spawn, "tool_call_id");
        var tool = ownTool is null ? null : ids.Of(part, IdKind.Tool, ownTool);
        if (isRoot && tool == ownTool)
        {
            return null;
        }

        var isCallee = !isRoot && threadId == group.RootThreadId;
        var path = isRoot ? null : names.Of(threadId);
        var thread = part.Threads.GetValueOrDefault(threadId);
        return JsonLines.Written(json =>
        {
            json.WriteStartObject();
            var hasSource = false;
            foreach (var member in own.ValueKind == JsonValueKind.Object ? own.EnumerateObject().ToArray() : [])
            {
                switch (member.Name)
                {
                    case "own_agent_path" or "own_metadata":
                        break;
                    case "agent_path" when path is not null:
                        break;
                    case "session_source":
                        hasSource = true;
                        WriteSource(json, group, own, spawn, isCallee, path, tool);
                        break;
                    default:
                        member.WriteTo(json);
                        break;
                }
            }

            if (own.ValueKind != JsonValueKind.Object)
            {
                json.WriteString("thread_id"u8, threadId);
            }

            if (path is not null)
            {
                json.WriteString("agent_path"u8, path);
                json.WriteString("own_agent_path"u8, thread?.Path ?? path);
            }

            if (!hasSource)
            {
                WriteSource(json, group, own, spawn, isCallee, path, tool);
            }

            WriteOwn(json, own);
            json.WriteEndObject();
        });
    }

    private static void WriteOwn(Utf8JsonWriter json, JsonElement own)
    {
        json.WritePropertyName("own_metadata"u8);
        if (own.ValueKind == JsonValueKind.Object)
        {
            own.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private void WriteSource(Utf8JsonWriter json, RolloutGroup group, JsonElement own, JsonElement spawn, bool isCallee, string? path, string? tool)
    {
        if (!isCallee && spawn.ValueKind != JsonValueKind.Object)
        {
            if (JsonText.Member(own, "session_source") is { ValueKind: not JsonValueKind.Undefined } source)
            {
                json.WritePropertyName("session_source"u8);
                source.WriteTo(json);
            }

            return;
        }

        json.WriteStartObject("session_source"u8);
        json.WriteStartObject("subagent"u8);
        json.WriteStartObject("thread_spawn"u8);
        if (isCallee)
        {
            var call = group.Spawn!;
            json.WriteString("parent_thread_id"u8, call.CallerThreadId);
            json.WriteNumber("depth"u8, path!.Count(static letter => letter == '/') - 1);
            json.WriteString("agent_path"u8, path);
            json.WriteString("agent_nickname"u8, JsonText.MemberOrNull(own, "nickname"));
            json.WriteString("agent_role"u8, JsonText.MemberOrNull(own, "agent_role"));
            if (call.ToolCallId is { } toolCallId)
            {
                json.WriteString("tool_call_id"u8, ids.Of(call.CallerPart, IdKind.Tool, toolCallId));
            }
        }
        else
        {
            WriteSpawn(json, spawn, path, tool);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSpawn(Utf8JsonWriter json, JsonElement spawn, string? path, string? tool)
    {
        foreach (var member in spawn.EnumerateObject())
        {
            switch (member.Name)
            {
                case "agent_path" when path is not null:
                    json.WriteString("agent_path"u8, path);
                    break;
                case "depth" when path is not null:
                    json.WriteNumber("depth"u8, path.Count(static letter => letter == '/') - 1);
                    break;
                case "tool_call_id" when tool is not null:
                    json.WriteString("tool_call_id"u8, tool);
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }
    }
}
