using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Joining.Order;
using RolloutTrace.Joining.Parts;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Writing;

/// <summary>Writes an event of a part as the whole has it. What was another in the part stands beside it, so that the whole can be taken apart.</summary>
/// <param name="rolloutId">The whole's rollout.</param>
/// <param name="ids">What ids are in the whole.</param>
/// <param name="payloadOf">The payload's number in the whole.</param>
internal sealed class EventWriter(string rolloutId, IdTable ids, Func<Part, string, long> payloadOf)
{
    private static readonly Dictionary<string, IdKind> Members = new(StringComparer.Ordinal)
    {
        ["codex_turn_id"] = IdKind.Turn,
        ["child_codex_turn_id"] = IdKind.Turn,
        ["inference_call_id"] = IdKind.Inference,
        ["tool_call_id"] = IdKind.Tool,
        ["compaction_id"] = IdKind.Compaction,
        ["compaction_request_id"] = IdKind.CompactionRequest,
    };

    /// <summary>Writes one line without its end.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="part">The part.</param>
    /// <param name="index">Its event.</param>
    /// <param name="line">The event's object, as the part has it.</param>
    /// <param name="seq">Its place in the whole.</param>
    /// <param name="replaced">Members of the event that are others in the whole; null for none.</param>
    /// <param name="instead">The payload of the event that stands in its place; null if it stands there itself.</param>
    public void Write(Utf8JsonWriter json, Part part, int index, JsonElement line, long seq, IReadOnlyDictionary<string, Action<Utf8JsonWriter>>? replaced, PayloadReference? instead)
    {
        var own = new List<(string Name, JsonElement Value)>();
        var ownTurn = JsonText.MemberOrNull(line, "codex_turn_id");
        var turn = ownTurn is null ? null : ids.Of(part, IdKind.Turn, ownTurn);
        var wall = part.Events[index].Wall;
        var shifted = Clock.Add(wall, part.Shift);
        json.WriteStartObject();
        json.WritePropertyName("schema_version"u8);
        WriteOr(json, JsonText.Member(line, "schema_version"), static json => json.WriteNumberValue(BundleLayout.SchemaVersion));
        json.WriteNumber("seq"u8, seq);
        json.WriteNumber("wall_time_unix_ms"u8, shifted);
        json.WriteString("rollout_id"u8, rolloutId);
        json.WritePropertyName("thread_id"u8);
        WriteOr(json, JsonText.Member(line, "thread_id"), static json => json.WriteNullValue());
        json.WriteString("codex_turn_id"u8, turn);
        json.WritePropertyName("payload"u8);
        if (instead is null)
        {
            WritePayload(json, part, JsonText.Member(line, "payload"), replaced, own);
        }
        else
        {
            new ProtocolEvent(Breadcrumbs.Joined, instead).Write(json);
        }

        WriteRest(json, line);
        json.WriteString("part"u8, part.TraceId);
        json.WriteNumber("part_seq"u8, index + 1);
        WriteOwn(json, own, turn == ownTurn ? null : ownTurn, instead is not null, Clock.Between(part.Shift, shifted) == wall ? null : wall);
        json.WriteEndObject();
    }

    private void WritePayload(Utf8JsonWriter json, Part part, JsonElement payload, IReadOnlyDictionary<string, Action<Utf8JsonWriter>>? replaced, List<(string Name, JsonElement Value)> own)
    {
        json.WriteStartObject();
        foreach (var member in payload.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (replaced is not null && replaced.TryGetValue(member.Name, out var write))
            {
                write(json);
                if (member.Name != "metadata_payload" || member.Value.ValueKind == JsonValueKind.Null)
                {
                    own.Add((member.Name, member.Value));
                }
            }
            else if (Members.TryGetValue(member.Name, out var kind) && JsonText.OrNull(member.Value) is { } id && ids.Of(part, kind, id) is var given && given != id)
            {
                json.WriteStringValue(given);
                own.Add((member.Name, member.Value));
            }
            else if (member.Name == "edge_id" && EdgeId(part, payload, member.Value) is { } edge)
            {
                json.WriteStringValue(edge);
                own.Add((member.Name, member.Value));
            }
            else
            {
                WriteValue(json, part, member.Value);
            }
        }

        json.WriteEndObject();
    }

    // An edge's id has the turn's in it.
    private string? EdgeId(Part part, JsonElement payload, JsonElement edgeId)
    {
        var (child, turn, parent) = (JsonText.MemberOrNull(payload, "child_thread_id"), JsonText.MemberOrNull(payload, "child_codex_turn_id"), JsonText.MemberOrNull(payload, "parent_thread_id"));
        if (child is null || turn is null || parent is null || JsonText.OrNull(edgeId) != ObjectIds.AgentResultEdge(child, turn, parent))
        {
            return null;
        }

        var given = ids.Of(part, IdKind.Turn, turn);
        return given == turn ? null : ObjectIds.AgentResultEdge(child, given, parent);
    }

    // References may stand alone or in a list.
    private void WriteValue(Utf8JsonWriter json, Part part, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object && JsonText.MemberOrNull(value[0], "raw_payload_id") is not null)
        {
            json.WriteStartArray();
            foreach (var entry in value.EnumerateArray())
            {
                WriteValue(json, part, entry);
            }

            json.WriteEndArray();
        }
        else if (value.ValueKind == JsonValueKind.Object && JsonText.MemberOrNull(value, "raw_payload_id") is { } id && part.Payloads.ContainsKey(id))
        {
            WriteReference(json, value, payloadOf(part, id));
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private static void WriteReference(Utf8JsonWriter json, JsonElement reference, long number)
    {
        var given = PayloadReference.ForNumber(number, PayloadKind.Unknown);
        json.WriteStartObject();
        json.WriteString("raw_payload_id"u8, given.RawPayloadId);
        foreach (var member in reference.EnumerateObject())
        {
            switch (member.Name)
            {
                case "raw_payload_id":
                    break;
                case "path":
                    json.WriteString("path"u8, given.Path);
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    // What a line has beyond the format stays; what joining says itself does not come from a part.
    private static void WriteRest(Utf8JsonWriter json, JsonElement line)
    {
        if (JsonText.Member(line, "otel") is { ValueKind: not JsonValueKind.Undefined } otel)
        {
            json.WritePropertyName("otel"u8);
            otel.WriteTo(json);
        }

        foreach (var member in line.EnumerateObject())
        {
            if (member.Name is not ("schema_version" or "seq" or "wall_time_unix_ms" or "rollout_id" or "thread_id" or "codex_turn_id" or "payload" or "otel" or "part" or "part_seq" or "own"))
            {
                member.WriteTo(json);
            }
        }
    }

    private static void WriteOwn(Utf8JsonWriter json, List<(string Name, JsonElement Value)> own, string? turn, bool isPutAway, long? wall)
    {
        if (own.Count == 0 && turn is null && !isPutAway && wall is null)
        {
            return;
        }

        json.WriteStartObject("own"u8);
        if (isPutAway)
        {
            json.WriteBoolean("put_away"u8, true);
        }

        if (turn is not null)
        {
            json.WriteString("codex_turn_id"u8, turn);
        }

        if (wall is { } time)
        {
            json.WriteNumber("wall_time_unix_ms"u8, time);
        }

        if (own.Count > 0)
        {
            json.WriteStartObject("payload"u8);
            foreach (var (name, value) in own)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteOr(Utf8JsonWriter json, JsonElement value, Action<Utf8JsonWriter> otherwise)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            otherwise(json);
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private sealed record ProtocolEvent(string EventType, PayloadReference Payload)
    {
        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            new ProtocolEventObservedEvent { EventType = EventType, EventPayload = Payload }.Write(json);
            json.WriteEndObject();
        }
    }
}
