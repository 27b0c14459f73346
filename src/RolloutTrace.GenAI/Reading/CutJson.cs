using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Reading;

/// <summary>JSON text whose end is missing, as SDKs leave it where attributes have a longest length.</summary>
internal static class CutJson
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth - 8, AllowTrailingCommas = true };

    /// <summary>What stands before the cut, a text in the middle of which it is included; null if the text begins with no list and no object.</summary>
    public static JsonElement? Read(string? text)
    {
        if (text is null || text.Length > JsonValue.MaxText || text.AsSpan().TrimStart() is not (['[', ..] or ['{', ..]))
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        var whole = new ArrayBufferWriter<byte>(utf8.Length + 16);
        Close(utf8, whole);
        return JsonValue.Parse(Encoding.UTF8.GetString(whole.WrittenSpan));
    }

    private static void Close(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> into)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        var open = new Stack<byte>();
        var (read, sound, isNamed) = (0, 0, false);
        while (Next(ref reader))
        {
            read = (int)reader.BytesConsumed;
            isNamed = reader.TokenType == JsonTokenType.PropertyName;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push((byte)'}');
                    break;
                case JsonTokenType.StartArray:
                    open.Push((byte)']');
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
            }

            sound = isNamed ? sound : read;
        }

        var begun = BegunText(json[read..]);
        if (open.Count > 0 && !begun.IsEmpty && (isNamed || open.Peek() == ']'))
        {
            into.Write(json[..read]);
            into.Write(json[sound..read].Contains((byte)',') || isNamed || json[read - 1] is (byte)'[' ? ""u8 : ","u8);
            into.Write(begun);
            into.Write("\""u8);
        }
        else
        {
            into.Write(json[..sound]);
        }

        while (open.TryPop(out var end))
        {
            into.Write([end]);
        }
    }

    private static bool Next(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The text that stands next, its quote included, up to where it is no text any more.
    private static ReadOnlySpan<byte> BegunText(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r\n,:"u8);
        if (rest is not [(byte)'"', ..])
        {
            return default;
        }

        var end = 1;
        while (end < rest.Length && rest[end] >= ' ' && rest[end] != '"')
        {
            var length = rest[end] != '\\' ? 1 : end + 1 < rest.Length && rest[end + 1] == 'u' ? 6 : 2;
            if (end + length > rest.Length || (length == 6 && rest.Slice(end + 2, 4).ContainsAnyExcept(HexDigits)) || (length == 2 && !"\"\\/bfnrt"u8.Contains(rest[end + 1])))
            {
                break;
            }

            end += length;
        }

        return rest[..end];
    }
}
