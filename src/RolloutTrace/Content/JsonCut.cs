using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Content;

/// <summary>
/// Cuts a JSON document to a size so that it stays valid JSON: it is copied as far as it fits, the string where it ends is
/// shortened, and what is open is closed. The bound is kept, not used up to the last byte.
/// </summary>
internal ref struct JsonCut
{
    private const string Ellipsis = "...";

    // What a value takes besides itself: quotation marks and a comma. A name takes as much, with its colon.
    private const int Punctuation = 3;

    private readonly Utf8JsonWriter writer;
    private readonly int limit;
    private readonly Stack<JsonTokenType> open = new();
    private readonly ReadOnlySpan<byte> utf8;
    private readonly bool isWhole;
    private Utf8JsonReader reader;
    private string? name;

    private JsonCut(ReadOnlySpan<byte> utf8, Utf8JsonWriter writer, int limit, bool isWhole)
    {
        this.utf8 = utf8;
        this.isWhole = isWhole;
        reader = new Utf8JsonReader(utf8, isFinalBlock: isWhole, state: default);
        this.writer = writer;
        this.limit = limit;
    }

    private readonly int Room =>
        limit - (int)(writer.BytesCommitted + writer.BytesPending) - open.Count - Punctuation - (name is null ? 0 : EncodedLength(name) + Punctuation);

    /// <param name="utf8">One JSON document, or the beginning of one.</param>
    /// <param name="limit">The most bytes of UTF-8 that come out; at least 16.</param>
    /// <param name="isWhole">Whether it is the whole document.</param>
    /// <exception cref="JsonException">It is no JSON document.</exception>
    public static string Cut(ReadOnlySpan<byte> utf8, int limit, bool isWhole = true)
    {
        var output = new ArrayBufferWriter<byte>(Math.Min(utf8.Length, limit) + 16);
        using (var writer = new Utf8JsonWriter(output, PayloadJson.WriterOptions))
        {
            var cut = new JsonCut(utf8, writer, limit, isWhole);
            while (cut.CopyToken())
            {
            }

            cut.CloseAll();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Copies the next token; false at the end and where there is no more room.</summary>
    private bool CopyToken()
    {
        if (!reader.Read())
        {
            CopyTornString();
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                name = reader.GetString();
                return true;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close();
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return CopyStart();
            case JsonTokenType.String:
                return reader.ValueSpan.Length > MostOf(Room) ? CopyPrefix(reader.ValueSpan) : CopyString(reader.GetString()!);
            default:
                return CopyLiteral();
        }
    }

    private bool CopyStart()
    {
        if (Room < 2)
        {
            return false;
        }

        WriteName();
        open.Push(reader.TokenType);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            writer.WriteStartObject();
        }
        else
        {
            writer.WriteStartArray();
        }

        return true;
    }

    private bool CopyString(string text)
    {
        var room = Room;
        if (EncodedLength(text) <= room)
        {
            WriteName();
            writer.WriteStringValue(text);
            return true;
        }

        if (room > Ellipsis.Length)
        {
            WriteName();
            writer.WriteStringValue(string.Concat(Prefix(text, room - Ellipsis.Length), Ellipsis));
        }

        return false;
    }

    // Where the beginning of a document ends inside a string: its end is not there, but more of it than fits may be.
    private void CopyTornString()
    {
        var rest = utf8[(int)reader.BytesConsumed..].TrimStart(" \t\r\n,:"u8);
        var isName = name is null && open.TryPeek(out var around) && around == JsonTokenType.StartObject;
        if (!isWhole && !isName && rest is [(byte)'"', .. var start])
        {
            CopyPrefix(start);
        }
    }

    private bool CopyPrefix(ReadOnlySpan<byte> raw)
    {
        var room = Room;
        if (room > Ellipsis.Length)
        {
            WriteName();
            writer.WriteStringValue(string.Concat(Prefix(JsonPrefix.Of(raw, MostOf(room)), room - Ellipsis.Length), Ellipsis));
        }

        return false;
    }

    // So many bytes of a string as it is escaped are more than fit in any case.
    private static int MostOf(int room) => (6 * Math.Max(room, 0)) + 16;

    private bool CopyLiteral()
    {
        if (reader.ValueSpan.Length > Room)
        {
            return false;
        }

        WriteName();
        writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
        return true;
    }

    private void WriteName()
    {
        if (name is not null)
        {
            writer.WritePropertyName(name);
            name = null;
        }
    }

    private readonly void CloseAll()
    {
        while (open.Count > 0)
        {
            Close();
        }
    }

    private readonly void Close()
    {
        if (open.Pop() == JsonTokenType.StartObject)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }

    private static int EncodedLength(string text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            length += EncodedLength(rune);
        }

        return length;
    }

    /// <summary>As much of the text as takes no more than <paramref name="room"/> bytes.</summary>
    private static ReadOnlySpan<char> Prefix(string text, int room)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= EncodedLength(rune);
            if (room < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text.AsSpan(0, end);
    }

    // An escape is \uXXXX at most, and two of them beyond the basic plane.
    private static int EncodedLength(Rune rune) =>
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.WillEncode(rune.Value) ? 6 * rune.Utf16SequenceLength : rune.Utf8SequenceLength;
}
