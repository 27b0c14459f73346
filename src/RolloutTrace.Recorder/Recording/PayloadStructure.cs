using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// What the reduction of a bundle needs of a payload besides its content. A redaction hook has to leave it in place, and it is
/// what remains of a payload whose content is removed: ids, numbers and shapes, no text.
/// </summary>
internal static class PayloadStructure
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = BundleJsonContext.Default.Options.MaxDepth };

    /// <summary>Whether a document that replaces another still has the structure of it.</summary>
    public static bool IsKept(PayloadKind kind, ReadOnlyMemory<byte> original, ReadOnlyMemory<byte> replacement)
    {
        using var before = JsonDocument.Parse(original, Depth);
        using var after = JsonDocument.Parse(replacement, Depth);
        foreach (var path in Shape(kind))
        {
            if (Find(before.RootElement, path) is { } member && Find(after.RootElement, path)?.ValueKind != member.ValueKind)
            {
                return false;
            }
        }

        return JsonNode.DeepEquals(Remains(kind, before.RootElement), Remains(kind, after.RootElement));
    }

    /// <summary>What may remain of a document whose content is removed.</summary>
    public static JsonObject Remains(PayloadKind kind, ReadOnlyMemory<byte> original)
    {
        using var document = JsonDocument.Parse(original, Depth);
        return Remains(kind, document.RootElement);
    }

    private static JsonObject Remains(PayloadKind kind, JsonElement root)
    {
        var remains = new JsonObject();
        foreach (var name in Ids(kind))
        {
            if (Find(root, [name]) is { ValueKind: not JsonValueKind.Null } value)
            {
                remains[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        if (kind == PayloadKind.ToolInvocation && Arguments(root) is { } arguments)
        {
            remains["payload"] = new JsonObject { ["type"] = "function", ["arguments"] = arguments.ToJsonString() };
        }

        return remains;
    }

    // Members that a reader asks for, whatever is in them.
    private static string[][] Shape(PayloadKind kind) => kind switch
    {
        PayloadKind.InferenceRequest => [["input"]],
        PayloadKind.InferenceResponse => [["output_items"]],
        PayloadKind.CompactionCheckpoint => [["input_history"], ["replacement_history"]],
        PayloadKind.ToolInvocation => [["payload"], ["payload", "type"], ["payload", "arguments"]],
        PayloadKind.ToolResult => [["type"], ["error"], ["response_item"]],
        PayloadKind.ToolRuntimeEvent => [["command"], ["cwd"], ["stdout"], ["stderr"], ["formatted_output"], ["prompt"], ["interaction_input"]],
        _ => [],
    };

    private static string[] Ids(PayloadKind kind) => kind switch
    {
        PayloadKind.InferenceRequest => ["previous_response_id"],
        PayloadKind.InferenceResponse => ["response_id", "upstream_request_id", "token_usage"],
        PayloadKind.ToolInvocation => ["tool_name", "tool_namespace"],
        PayloadKind.ToolRuntimeEvent =>
        [
            "call_id", "turn_id", "process_id", "exit_code", "event_id", "occurred_at_ms", "agent_thread_id", "agent_path", "kind",
            "sender_thread_id", "receiver_thread_id", "new_thread_id",
        ],
        PayloadKind.SessionMetadata => ["thread_id", "agent_path", "session_source"],
        _ => [],
    };

    // Of a tool's arguments, which are JSON as text, the ids of what it works on.
    private static JsonObject? Arguments(JsonElement root)
    {
        if (Find(root, ["payload", "arguments"]) is not { ValueKind: JsonValueKind.String } text)
        {
            return null;
        }

        try
        {
            using var arguments = JsonDocument.Parse(text.GetString()!, Depth);
            var kept = new JsonObject();
            foreach (var name in (ReadOnlySpan<string>)["session_id", "cell_id"])
            {
                if (Find(arguments.RootElement, [name]) is { } value)
                {
                    kept[name] = JsonNode.Parse(value.GetRawText());
                }
            }

            return kept;
        }
        catch (JsonException)
        {
            // Models do write arguments that are no JSON; nothing can be asked of them then.
            return null;
        }
    }

    private static JsonElement? Find(JsonElement element, ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
