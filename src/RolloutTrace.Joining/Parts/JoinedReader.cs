using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Parts;

/// <summary>Takes a joined bundle apart: each part has again what it had, in its own words.</summary>
internal sealed class JoinedReader(JoinSource source, BundleReader reader, Spool spool)
{
    private readonly Dictionary<string, (PartBuilder Builder, long Shift)> parts = new(StringComparer.Ordinal);
    private int restored;

    /// <exception cref="BundleException">It is no joined bundle that says what it was joined of.</exception>
    public IReadOnlyList<Part> Read()
    {
        foreach (var joined in reader.Manifest.Joined!)
        {
            if (joined.Manifest.ValueKind != JsonValueKind.Object)
            {
                throw new BundleException($"{reader.DisplayName}: is joined, and does not have the manifest of its part {joined.TraceId}: it cannot be taken apart");
            }

            var part = PartReader.Empty(source, joined.Manifest);
            if (part.TraceId != joined.TraceId || !parts.TryAdd(joined.TraceId, (new PartBuilder(part, spool, ReadOwn), joined.ShiftMs)))
            {
                throw new BundleException($"{reader.DisplayName}: is joined, and says two things of its part {joined.TraceId}: it cannot be taken apart");
            }
        }

        foreach (var (line, bytes) in PartReader.Lines(reader))
        {
            Add(line, bytes);
        }

        return [.. parts.Values.Select(static entry => entry.Builder.Part)];
    }

    private void Add(in RawEventLine line, ReadOnlyMemory<byte>? bytes)
    {
        if (line.Event is not { } e || e.Part is null || !parts.TryGetValue(e.Part, out var entry))
        {
            throw new BundleException($"{reader.EventLogName}: line {line.LineNumber}: {line.Defect?.Text ?? "is of none of the parts that the bundle was joined of"}: it cannot be taken apart");
        }

        // What joining has added goes.
        if (e.PartSeq is null)
        {
            return;
        }

        var (builder, shift) = entry;
        var document = Documents.Parse(PartReader.ObjectOf(line, bytes));
        var isAway = e.Payload is ProtocolEventObservedEvent { EventType: Breadcrumbs.Joined } && JsonText.Member(JsonText.Member(document, "own"), "put_away").ValueKind == JsonValueKind.True;
        var kept = isAway ? Documents.TryParse(PartReader.Payload(reader, ((ProtocolEventObservedEvent)e.Payload).EventPayload) ?? []) : default;
        var metadata = JsonText.Member(kept, "metadata");
        var id = $"restored {++restored}";
        var own = JsonLines.Written(json => Restore(json, document, kept, metadata.ValueKind == JsonValueKind.Object ? id : null, builder.Part.RolloutId, shift));
        builder.Add(own, RawEvent.Parse(own), metadata.ValueKind == JsonValueKind.Object ? JsonLines.Written(metadata.WriteTo) : OwnMetadata(e));
    }

    // Metadata that joining has changed has in it what it was.
    private byte[]? OwnMetadata(RawEvent e) => e.Payload is ThreadStartedEvent { MetadataPayload: { } reference } ? ReadOwn(reference) : null;

    private byte[]? ReadOwn(PayloadReference reference)
    {
        var payload = PartReader.Payload(reader, reference);
        if (payload is null || reference.Kind != PayloadKind.SessionMetadata)
        {
            return payload;
        }

        var own = JsonText.Member(Documents.TryParse(payload), "own_metadata");
        return own.ValueKind switch
        {
            JsonValueKind.Undefined => payload,
            JsonValueKind.Object => JsonLines.Written(own.WriteTo),
            _ => null,
        };
    }

    private static void Restore(Utf8JsonWriter json, JsonElement joined, JsonElement kept, string? metadataId, string rolloutId, long shift)
    {
        var own = JsonText.Member(joined, "own");
        json.WriteStartObject();
        foreach (var member in joined.EnumerateObject())
        {
            switch (member.Name)
            {
                case "part" or "part_seq" or "own":
                    break;
                case "rollout_id":
                    json.WriteString("rollout_id"u8, rolloutId);
                    break;
                case "wall_time_unix_ms":
                    json.WriteNumber("wall_time_unix_ms"u8, JsonText.Member(own, "wall_time_unix_ms") is { ValueKind: JsonValueKind.Number } wall ? wall.GetInt64() : member.Value.GetInt64() - shift);
                    break;
                case "codex_turn_id" when JsonText.Member(own, "codex_turn_id") is { ValueKind: JsonValueKind.String } turn:
                    json.WritePropertyName("codex_turn_id"u8);
                    turn.WriteTo(json);
                    break;
                case "payload":
                    json.WritePropertyName("payload"u8);
                    var isKept = JsonText.Member(kept, "event") is { ValueKind: JsonValueKind.Object };
                    RestorePayload(json, isKept ? JsonText.Member(kept, "event") : member.Value, JsonText.Member(own, "payload"), isKept, metadataId);
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    // An event that was put away has its payload in the words of its part, but the metadata beside it.
    private static void RestorePayload(Utf8JsonWriter json, JsonElement payload, JsonElement own, bool wasAway, string? metadataId)
    {
        json.WriteStartObject();
        foreach (var member in payload.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (member.Name == "metadata_payload" && wasAway)
            {
                WriteReference(json, metadataId);
            }
            else if (JsonText.Member(own, member.Name) is { ValueKind: not JsonValueKind.Undefined } value)
            {
                value.WriteTo(json);
            }
            else
            {
                member.Value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, string? id)
    {
        if (id is null)
        {
            json.WriteNullValue();
        }
        else
        {
            new PayloadReference { RawPayloadId = id, Kind = PayloadKind.SessionMetadata, Path = id }.Write(json);
        }
    }
}
