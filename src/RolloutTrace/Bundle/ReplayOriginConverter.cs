using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes where a rollout was played from. The member may be anybody's: of any other shape it is ignored, and the bundle is read as if
/// it were not there.
/// </summary>
internal sealed class ReplayOriginConverter : JsonConverter<ReplayOrigin>
{
    public override ReplayOrigin? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonText.MemberOrNull(document.RootElement, "trace_id") is { Length: > 0 } traceId && JsonText.MemberOrNull(document.RootElement, "rollout_id") is { Length: > 0 } rolloutId
            ? new ReplayOrigin { TraceId = traceId, RolloutId = rolloutId }
            : null;
    }

    public override void Write(Utf8JsonWriter writer, ReplayOrigin value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("trace_id"u8, value.TraceId);
        writer.WriteString("rollout_id"u8, value.RolloutId);
        writer.WriteEndObject();
    }
}
