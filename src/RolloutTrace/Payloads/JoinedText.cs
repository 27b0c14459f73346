using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>Two texts that are written as one, without putting them together before.</summary>
[JsonConverter(typeof(JoinedTextConverter))]
internal readonly record struct JoinedText(string First, string Second = "");

internal sealed class JoinedTextConverter : JsonConverter<JoinedText>
{
    public override JoinedText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("joined texts are written only");

    public override void Write(Utf8JsonWriter writer, JoinedText value, JsonSerializerOptions options) =>
        LongText.Write(writer, value.First, value.Second);
}
