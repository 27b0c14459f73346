using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes an enum as its name in snake_case. Unlike the library's own converter it takes the exact
/// name only: no numbers, no other case, no lists, since a bundle that says something else is malformed.
/// </summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class WireEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"expected the name of a {typeof(T).Name} as a string, found {reader.TokenType}");
        }

        return WireEnum<T>.TryParse(ref reader, out var value)
            ? value
            : throw new JsonException($"unknown {typeof(T).Name} '{reader.GetString()}'");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(WireEnum<T>.Name(value));
}
