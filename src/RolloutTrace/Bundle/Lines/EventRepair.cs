using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace RolloutTrace.Bundle;

/// <summary>
/// Makes of an object that the contract refuses an event that it takes: a type that is not known becomes <c>other</c>, a word that is not
/// known the nearest that is, and a member that is missing what the event means without it. What the members should be, the
/// contract itself says. An event whose subject has no id cannot be mended.
/// </summary>
internal static class EventRepair
{
    private static readonly Dictionary<string, JsonTypeInfo> Contracts = BundleJsonContext.Default.RawEventPayload.PolymorphismOptions!.DerivedTypes
        .ToDictionary(derived => (string)derived.TypeDiscriminator!, derived => BundleJsonContext.Default.GetTypeInfo(derived.DerivedType)!, StringComparer.Ordinal);

    /// <summary>Mends an event in place, and says what was mended.</summary>
    /// <returns>False if it cannot be mended.</returns>
    public static bool Mend(JsonObject root, RawEvent? last, List<LineDefect> repairs)
    {
        if (root["payload"] is not JsonObject payload || Word(payload["type"]) is not { } type)
        {
            return false;
        }

        if (root["otel"] is not null)
        {
            // Taken for somebody else's; a span in our form is never why an event is refused.
            if (!IsSpan(root["otel"]))
            {
                repairs.Add(LineRepair.ForeignSpan);
                root.Remove("otel");
            }
        }

        RenameTurn(root, repairs);
        MendEnvelope(root, last, repairs);
        type = KnownName(type, repairs);
        payload["type"] = type;
        if (!Contracts.TryGetValue(type, out var contract))
        {
            root["payload"] = Other(payload, type);
            repairs.Add(new LineDefect(LineDefectKind.UnknownType, $"an event of the type '{type}', which is not known", $"event type {type}"));
            return true;
        }

        RenameTurn(payload, repairs);
        if (type == OtherEvent.TypeName && !payload.ContainsKey("metadata"))
        {
            payload["metadata"] = null;
        }

        foreach (var member in contract.Properties)
        {
            if (member.Get is not null && !MemberRepair.Mend(root, payload, type, member, repairs))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of a node; null if it is no text.</summary>
    internal static string? Word(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? word) ? word : null;

    private static bool IsSpan(JsonNode? otel) => otel is JsonObject span && Word(span["trace_id"]) is not null && Word(span["span_id"]) is not null
        && (span["parent_span_id"] is null || Word(span["parent_span_id"]) is not null)
        && (span["attributes"] is null or JsonObject);

    private static void MendEnvelope(JsonObject root, RawEvent? last, List<LineDefect> repairs)
    {
        Number("schema_version", BundleLayout.SchemaVersion);
        Number("seq", (last?.Seq ?? 0) + 1);
        Number("wall_time_unix_ms", last?.WallTimeUnixMs ?? 0);
        if (Word(root["rollout_id"]) is null)
        {
            root["rollout_id"] = last?.RolloutId ?? "";
            Note("rollout_id");
        }

        foreach (var member in new[] { "thread_id", "codex_turn_id" })
        {
            if (root[member] is not null && Word(root[member]) is null)
            {
                root[member] = null;
                Note(member);
            }
        }

        void Number(string member, long otherwise)
        {
            if (root[member] is not JsonValue value || !value.TryGetValue(out long _))
            {
                root[member] = otherwise;
                Note(member);
            }
        }

        void Note(string member) => repairs.Add(new LineDefect(LineDefectKind.MissingMember, $"the event has no sound '{member}'"));
    }

    // Harnesses that took the format over have put their own name in the place of Codex's.
    private static string KnownName(string type, List<LineDefect> repairs)
    {
        foreach (var known in (ReadOnlySpan<string>)[CodexTurnStartedEvent.TypeName, CodexTurnEndedEvent.TypeName])
        {
            if (type != known && type.EndsWith(known["codex".Length..], StringComparison.Ordinal))
            {
                repairs.Add(new LineDefect(LineDefectKind.OtherName, $"an event of the type '{type}', which is read as '{known}'", "names of turns"));
                return known;
            }
        }

        return type;
    }

    private static void RenameTurn(JsonObject parent, List<LineDefect> repairs)
    {
        if (parent.ContainsKey("codex_turn_id"))
        {
            return;
        }

        var others = parent.Where(static member => member.Key.EndsWith("_turn_id", StringComparison.Ordinal) && Word(member.Value) is not null).ToArray();
        if (others is [var (name, value)] && name != "child_codex_turn_id")
        {
            parent["codex_turn_id"] = Word(value);
            repairs.Add(new LineDefect(LineDefectKind.OtherName, $"a member '{name}', which is read as 'codex_turn_id'", "names of turns"));
        }
    }

    // Its payloads are evidence, wherever in it they are named.
    private static JsonObject Other(JsonObject payload, string type)
    {
        var references = new JsonArray();
        Find(payload);
        return new JsonObject
        {
            ["type"] = OtherEvent.TypeName,
            ["kind"] = type,
            ["summary"] = "",
            ["payloads"] = references,
            ["metadata"] = payload.DeepClone(),
        };

        void Find(JsonNode? node)
        {
            if (node is JsonObject found && MemberRepair.Reference(found) is { } reference)
            {
                references.Add((JsonNode)reference);
            }
            else if (node is JsonObject inner)
            {
                foreach (var member in inner)
                {
                    Find(member.Value);
                }
            }
            else if (node is JsonArray list)
            {
                foreach (var entry in list)
                {
                    Find(entry);
                }
            }
        }
    }
}
