using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace;

/// <summary>Puts a payload into a larger document as it is; an empty one as null.</summary>
internal sealed class JsonPayloadConverter : JsonConverter<JsonPayload>
{
    public override JsonPayload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonPayload value, JsonSerializerOptions options) => value.WriteTo(writer);
}
