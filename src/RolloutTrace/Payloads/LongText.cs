using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>
/// Writes a long text piece by piece, so that whoever takes the bytes can stop it early. The serializer's own way asks for all the
/// room that a text could need, several times its length.
/// </summary>
internal static class LongText
{
    private const int PieceLength = 16 << 10;

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<char> text, ReadOnlySpan<char> rest = default)
    {
        if (text.Length <= PieceLength && rest.IsEmpty)
        {
            writer.WriteStringValue(text);
            return;
        }

        WritePieces(writer, text);
        WritePieces(writer, rest);
        writer.WriteStringValueSegment(ReadOnlySpan<char>.Empty, isFinalSegment: true);
    }

    private static void WritePieces(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var length = StrictUtf8.LengthOfPiece(text, PieceLength);
            writer.WriteStringValueSegment(text[..length], isFinalSegment: false);
            text = text[length..];
        }
    }
}

/// <summary>Texts of the payloads that are shaped here.</summary>
internal sealed class LongTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => LongText.Write(writer, value);
}
