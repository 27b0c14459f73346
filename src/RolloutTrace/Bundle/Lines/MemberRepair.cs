using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Arguments;

namespace RolloutTrace.Bundle;

/// <summary>Mends one member of an event, by the type that the contract gives it.</summary>
internal static class MemberRepair
{
    private static readonly string[] ToolKinds = [.. Enum.GetValues<ToolCallKindType>().Select(kind => WireEnum<ToolCallKindType>.Name(kind).Value)];

    /// <summary>Mends a member in place if it needs it.</summary>
    /// <returns>False if the event means nothing without it.</returns>
    public static bool Mend(JsonObject root, JsonObject payload, string type, JsonPropertyInfo member, List<LineDefect> repairs)
    {
        var name = member.Name;
        var value = payload[name];
        if (member.PropertyType == typeof(string))
        {
            return MendText(root, payload, type, member, repairs);
        }

        if (member.PropertyType == typeof(PayloadReference))
        {
            MendReference(root, payload, type, member, repairs);
        }
        else if (member.PropertyType == typeof(IReadOnlyList<PayloadReference>))
        {
            MendReferences(payload, type, name, value, repairs);
        }
        else if (member.PropertyType.IsEnum)
        {
            if (!StatusWords.IsKnown(member.PropertyType, EventRepair.Word(value)))
            {
                payload[name] = StatusWords.Nearest(member.PropertyType, EventRepair.Word(value), isInitial: type == CodeCellInitialResponseEvent.TypeName);
                NoteWord(type, name, EventRepair.Word(value), payload[name]!.ToString(), repairs);
            }
        }
        else if (member.PropertyType == typeof(ToolCallKind))
        {
            MendKind(payload, type, name, value, repairs);
        }
        else if (member.PropertyType == typeof(ToolRequester))
        {
            MendRequester(payload, type, name, value, repairs);
        }
        else if (member.PropertyType == typeof(ToolCallSummary))
        {
            MendSummary(payload, type, name, value, repairs);
        }

        return true;
    }

    /// <summary>A payload reference as far as an object is one: with an id or a path. Null if it has neither.</summary>
    public static JsonObject? Reference(JsonObject? node)
    {
        var id = EventRepair.Word(node?["raw_payload_id"]);
        var path = EventRepair.Word(node?["path"]);
        const string Prefix = "raw_payload:";
        if (id is null && path is not null && Path.GetFileNameWithoutExtension(path) is { Length: > 0 } stem && stem.All(char.IsAsciiDigit))
        {
            id = Prefix + stem;
        }

        if (path is null && id?.StartsWith(Prefix, StringComparison.Ordinal) == true)
        {
            path = $"{BundleLayout.PayloadsDirectoryName}/{id[Prefix.Length..]}.json";
        }

        return id is null || path is null ? null : new JsonObject
        {
            ["raw_payload_id"] = id,
            ["kind"] = new JsonObject { ["type"] = EventRepair.Word(node!["kind"]?["type"]) ?? "unknown" },
            ["path"] = path,
        };
    }

    private static bool MendText(JsonObject root, JsonObject payload, string type, JsonPropertyInfo member, List<LineDefect> repairs)
    {
        var value = payload[member.Name];
        if (EventRepair.Word(value) is not null || (value is null && !member.IsRequired))
        {
            return true;
        }

        if (!member.IsRequired)
        {
            payload[member.Name] = null;
        }
        else if (member.Name is "thread_id" or "codex_turn_id" && EventRepair.Word(root[member.Name]) is { } ofEnvelope)
        {
            payload[member.Name] = ofEnvelope;
        }
        else if (value is JsonValue number && number.TryGetValue(out long integer))
        {
            payload[member.Name] = integer.ToString(CultureInfo.InvariantCulture);
        }
        else if (member.Name.EndsWith("_id", StringComparison.Ordinal))
        {
            return false;
        }
        else
        {
            payload[member.Name] = "";
        }

        NoteMissing(type, member.Name, repairs);
        return true;
    }

    private static void MendReference(JsonObject root, JsonObject payload, string type, JsonPropertyInfo member, List<LineDefect> repairs)
    {
        var value = payload[member.Name];
        if (value is null && !member.IsRequired)
        {
            return;
        }

        if (Reference(value as JsonObject) is not { } reference)
        {
            // The event happened, and its payload is missing.
            var unknown = $"raw_payload:unknown@{root["seq"]}";
            payload[member.Name] = member.IsRequired
                ? new JsonObject { ["raw_payload_id"] = unknown, ["kind"] = new JsonObject { ["type"] = "unknown" }, ["path"] = $"{BundleLayout.PayloadsDirectoryName}/unknown" }
                : null;
            NoteMissing(type, member.Name, repairs);
        }
        else if (!JsonNode.DeepEquals(reference, value))
        {
            var isWhole = EventRepair.Word(value!["raw_payload_id"]) is not null && EventRepair.Word(value["path"]) is not null && EventRepair.Word(value["kind"]?["type"]) is not null;
            payload[member.Name] = reference;
            if (!isWhole)
            {
                NoteMissing(type, member.Name, repairs);
            }
        }
    }

    private static void MendReferences(JsonObject payload, string type, string name, JsonNode? value, List<LineDefect> repairs)
    {
        var given = value as JsonArray ?? [];
        var sound = given.Select(entry => Reference(entry as JsonObject)).OfType<JsonObject>().ToArray();
        if (value is not JsonArray || sound.Length < given.Count)
        {
            NoteMissing(type, name, repairs);
        }

        payload[name] = new JsonArray([.. sound]);
    }

    private static void MendKind(JsonObject payload, string type, string name, JsonNode? value, List<LineDefect> repairs)
    {
        var word = EventRepair.Word(value?.GetValueKind() == System.Text.Json.JsonValueKind.Object ? value["type"] : value);
        var text = EventRepair.Word((value as JsonObject)?["name"]);
        switch (word)
        {
            case "mcp" when EventRepair.Word(value!["server"]) is null || EventRepair.Word(value["tool"]) is null:
                payload[name] = new JsonObject
                {
                    ["type"] = "mcp",
                    ["server"] = EventRepair.Word(value["server"]) ?? EventText.Unknown,
                    ["tool"] = EventRepair.Word(value["tool"]) ?? EventText.Unknown,
                };
                NoteMissing(type, name, repairs);
                break;
            case "other" when text is null:
                payload[name] = new JsonObject { ["type"] = "other", ["name"] = EventText.Unknown };
                NoteMissing(type, name, repairs);
                break;
            case not null when ToolKinds.Contains(word) && value is JsonObject:
                break;
            case not null when ToolKinds.Contains(word) && word is not ("mcp" or "other"):
                payload[name] = new JsonObject { ["type"] = word };
                NoteMissing(type, name, repairs);
                break;
            default:
                payload[name] = new JsonObject { ["type"] = "other", ["name"] = word ?? text ?? EventText.Unknown };
                NoteWord(type, name, word, "other", repairs);
                break;
        }
    }

    private static void MendRequester(JsonObject payload, string type, string name, JsonNode? value, List<LineDefect> repairs)
    {
        var requester = value as JsonObject;
        var word = EventRepair.Word(requester?["type"]);
        var cell = EventRepair.Word(requester?["runtime_cell_id"]);
        if (word == "model" || (word == "code_cell" && cell is not null))
        {
            return;
        }

        payload[name] = cell is null ? new JsonObject { ["type"] = "model" } : new JsonObject { ["type"] = "code_cell", ["runtime_cell_id"] = cell };
        NoteWord(type, name, word, cell is null ? "model" : "code_cell", repairs);
    }

    private static void MendSummary(JsonObject payload, string type, string name, JsonNode? value, List<LineDefect> repairs)
    {
        var summary = value as JsonObject;
        var word = EventRepair.Word(summary?["type"]);
        var isSound = word switch
        {
            "generic" => IsText("label") && IsOptional("input_preview") && IsOptional("output_preview"),
            "terminal" => IsText("operation_id"),
            "agent" => IsText("target_agent_path") && IsText("message_preview") && IsOptional("task_name"),
            "wait_agent" => IsOptional("target_agent_path") && summary!["timeout_ms"] is null or JsonValue,
            _ => false,
        };
        if (isSound)
        {
            return;
        }

        payload[name] = new JsonObject
        {
            ["type"] = "generic",
            ["label"] = EventRepair.Word(summary?["label"]) ?? LabelOf(payload["kind"]),
            ["input_preview"] = EventRepair.Word(summary?["input_preview"]),
            ["output_preview"] = EventRepair.Word(summary?["output_preview"]),
        };
        NoteWord(type, name, word, "generic", repairs);

        bool IsText(string member) => EventRepair.Word(summary![member]) is not null;
        bool IsOptional(string member) => summary![member] is null || IsText(member);
    }

    private static string LabelOf(JsonNode? kind) =>
        EventRepair.Word((kind as JsonObject)?["name"]) ?? EventRepair.Word((kind as JsonObject)?["tool"]) ?? EventRepair.Word((kind as JsonObject)?["type"]) ?? EventText.Unknown;

    private static void NoteWord(string type, string member, string? word, string taken, List<LineDefect> repairs) => repairs.Add(new LineDefect(
        LineDefectKind.UnknownWord,
        word is null ? $"{type} has no sound '{member}', which is taken as '{taken}'" : $"{type} has the unknown '{member}' '{word}', which is taken as '{taken}'",
        word is null ? null : $"word {member} {word}"));

    private static void NoteMissing(string type, string member, List<LineDefect> repairs) =>
        repairs.Add(new LineDefect(LineDefectKind.MissingMember, $"{type} has no sound '{member}'"));
}
