using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>Walks the small objects of the format whose <c>type</c> says which members they have.</summary>
internal static class TypedObject
{
    public delegate void MemberReader(ref Utf8JsonReader value, string member);

    /// <summary>Calls <paramref name="read"/> with the reader on each member's value; what it leaves unread is skipped.</summary>
    public static void ReadMembers(ref Utf8JsonReader reader, string what, MemberReader read)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"expected {what} as an object, found {reader.TokenType}");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString()!;
            reader.Read();
            read(ref reader, member);

            // The serializer has buffered the whole value, but does not call it the final block.
            reader.TrySkip();
        }
    }
}
