using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>Reads and writes what a bundle was joined of. The member may be anybody's: entries of any other shape are left out.</summary>
internal sealed class JoinedPartsConverter : JsonConverter<IReadOnlyList<JoinedPart>>
{
    public override IReadOnlyList<JoinedPart>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var parts = new List<JoinedPart>();
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (JsonText.MemberOrNull(entry, "trace_id") is { } traceId && JsonText.MemberOrNull(entry, "rollout_id") is { } rolloutId
                && JsonText.Member(entry, "shift_ms") is { ValueKind: JsonValueKind.Number } shift && shift.TryGetInt64(out var milliseconds))
            {
                var manifest = JsonText.Member(entry, "manifest");
                parts.Add(new JoinedPart
                {
                    TraceId = traceId,
                    RolloutId = rolloutId,
                    ShiftMs = milliseconds,
                    Manifest = manifest.ValueKind == JsonValueKind.Object ? manifest.Clone() : default,
                });
            }
        }

        return parts.Count == 0 ? null : parts;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<JoinedPart> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var part in value)
        {
            writer.WriteStartObject();
            writer.WriteString("trace_id"u8, part.TraceId);
            writer.WriteString("rollout_id"u8, part.RolloutId);
            writer.WriteNumber("shift_ms"u8, part.ShiftMs);
            if (part.Manifest.ValueKind == JsonValueKind.Object)
            {
                writer.WritePropertyName("manifest"u8);
                part.Manifest.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
