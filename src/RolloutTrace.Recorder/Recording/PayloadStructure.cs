using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// What the reduction of a bundle needs of a payload besides its content. A redaction hook has to leave it in place, and it is
/// what remains of a payload whose content is removed: ids, numbers and shapes, no text.
/// </summary>
internal static class PayloadStructure
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>Whether a document that replaces another still has the structure of it.</summary>
    public static bool IsKept(PayloadKind kind, ReadOnlyMemory<byte> original, ReadOnlyMemory<byte> replacement)
    {
        using var before = JsonDocument.Parse(original, Depth);
        using var after = JsonDocument.Parse(replacement, Depth);
        foreach (var path in PayloadMembers.Shape(kind))
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
        foreach (var name in PayloadMembers.Ids(kind))
        {
            if (Find(root, [name]) is { ValueKind: not JsonValueKind.Null } value)
            {
                remains[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        if (kind == PayloadKind.ToolRuntimeEvent && Status(root) is { } status)
        {
            remains["status"] = status;
        }

        if (kind == PayloadKind.ToolInvocation && Arguments(root) is { } arguments)
        {
            remains["payload"] = new JsonObject { ["type"] = "function", ["arguments"] = arguments.ToJsonString() };
        }

        return remains;
    }

    // A status is a word, or says in what it ended and with which words; those are content.
    private static JsonNode? Status(JsonElement root) => Find(root, ["status"]) switch
    {
        { ValueKind: JsonValueKind.String } word => JsonNode.Parse(word.GetRawText()),
        { ValueKind: JsonValueKind.Object } ended when ended.TryGetProperty("completed", out _) => new JsonObject { ["completed"] = null },
        { ValueKind: JsonValueKind.Object } ended when ended.TryGetProperty("errored", out _) => new JsonObject { ["errored"] = string.Empty },
        _ => null,
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
            foreach (var name in PayloadMembers.InArguments)
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

    private static JsonElement? Find(JsonElement element, IReadOnlyList<string> path)
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
