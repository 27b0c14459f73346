using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Reducer;

/// <summary>Reads and writes an <see cref="IdList"/> as an array of strings.</summary>
internal sealed class IdListConverter : JsonConverter<IdList>
{
    public override IdList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"expected a list of ids, found {reader.TokenType}");
        }

        var ids = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ids.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new JsonException($"expected an id, found {reader.TokenType}"));
        }

        return ids.Count == 0 ? IdList.Empty : IdList.From(ids);
    }

    public override void Write(Utf8JsonWriter writer, IdList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            writer.WriteStringValue(value[i]);
        }

        writer.WriteEndArray();
    }
}
