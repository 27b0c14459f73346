using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Reads and writes a <see cref="PayloadKind"/> as the object <c>{"type":"..."}</c>.</summary>
public sealed class PayloadKindConverter : JsonConverter<PayloadKind>
{
    /// <inheritdoc/>
    public override PayloadKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        PayloadKind? kind = null;
        TypedObject.ReadMembers(ref reader, "a payload kind", (ref Utf8JsonReader value, string member) =>
        {
            if (member == "type")
            {
                if (value.TokenType != JsonTokenType.String || !WireEnum<PayloadKind>.TryParse(ref value, out var parsed))
                {
                    throw new JsonException("unknown payload kind");
                }

                kind = parsed;
            }
        });

        return kind ?? throw new JsonException("a payload kind has no 'type'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PayloadKind value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, WireEnum<PayloadKind>.Name(value));
        writer.WriteEndObject();
    }
}
