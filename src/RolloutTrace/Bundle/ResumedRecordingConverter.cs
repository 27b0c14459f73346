using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>Reads and writes what a bundle goes on from. The member may be anybody's: of any other shape it is ignored.</summary>
internal sealed class ResumedRecordingConverter : JsonConverter<ResumedRecording>
{
    public override ResumedRecording? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonText.MemberOrNull(document.RootElement, "trace_id") is { Length: > 0 } id ? new ResumedRecording { TraceId = id } : null;
    }

    public override void Write(Utf8JsonWriter writer, ResumedRecording value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("trace_id"u8, value.TraceId);
        writer.WriteEndObject();
    }
}
