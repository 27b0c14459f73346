using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>Writes the members of events that are not plain text.</summary>
internal static class EventMembers
{
    public static void WriteEnum<T>(this Utf8JsonWriter json, ReadOnlySpan<byte> name, T value)
        where T : struct, Enum => json.WriteString(name, WireEnum<T>.Name(value).EncodedUtf8Bytes);

    public static void WriteReference(this Utf8JsonWriter json, ReadOnlySpan<byte> name, PayloadReference? reference)
    {
        json.WritePropertyName(name);
        if (reference is null)
        {
            json.WriteNullValue();
        }
        else
        {
            reference.Write(json);
        }
    }
}
