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

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static sign => (char)sign).Where(static sign => !JavaScriptEncoder.UnsafeRelaxedJsonEscaping.WillEncode(sign))]);

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

    /// <summary>A text that is no longer than so many bytes as a JSON string, without the quotation marks.</summary>
    public static string Text(string text, int room) =>
        text.Length <= room / 6 || (text.Length <= room && EncodedLength(text) <= room) ? text : string.Concat(Prefix(text, room - Ellipsis.Length), Ellipsis);

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
        var rest = text.AsSpan();
        var length = 0;
        while (!rest.IsEmpty)
        {
            var plain = PlainLength(rest);
            length += plain;
            rest = rest[plain..];
            if (!rest.IsEmpty)
            {
                Rune.DecodeFromUtf16(rest, out var rune, out var chars);
                length += EncodedLength(rune);
                rest = rest[chars..];
            }
        }

        return length;
    }

    /// <summary>As much of the text as takes no more than <paramref name="room"/> bytes.</summary>
    private static ReadOnlySpan<char> Prefix(string text, int room)
    {
        var end = 0;
        while (end < text.Length && room > 0)
        {
            var plain = Math.Min(PlainLength(text.AsSpan(end)), room);
            end += plain;
            room -= plain;
            if (end == text.Length || room == 0)
            {
                break;
            }

            Rune.DecodeFromUtf16(text.AsSpan(end), out var rune, out var chars);
            room -= EncodedLength(rune);
            end += room < 0 ? 0 : chars;
        }

        return text.AsSpan(0, end);
    }

    // How many characters come first that are a byte each.
    private static int PlainLength(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Plain) is >= 0 and var end ? end : text.Length;

    // An escape is \uXXXX at most, and two of them beyond the basic plane.
    private static int EncodedLength(Rune rune) =>
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.WillEncode(rune.Value) ? 6 * rune.Utf16SequenceLength : rune.Utf8SequenceLength;
}
