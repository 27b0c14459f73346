using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>A text that an extension of ours adds. The member may be anybody's: a value of another kind is ignored.</summary>
internal sealed class OptionalTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return JsonText.OrNull(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
