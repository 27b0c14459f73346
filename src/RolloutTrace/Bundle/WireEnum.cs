using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>The names that an enum's values have on the wire: snake_case of their names in code.</summary>
internal static class WireEnum<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    private static readonly JsonEncodedText[] Names = Encode();

    public static JsonEncodedText Name(T value) => Names[Array.IndexOf(Values, value)];

    public static bool TryParse(ReadOnlySpan<byte> name, out T value)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i].EncodedUtf8Bytes))
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    public static bool TryParse(ref Utf8JsonReader reader, out T value)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.ValueTextEquals(Names[i].EncodedUtf8Bytes))
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    private static JsonEncodedText[] Encode()
    {
        var names = new JsonEncodedText[Values.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(Values[i].ToString()));
        }

        return names;
    }
}
