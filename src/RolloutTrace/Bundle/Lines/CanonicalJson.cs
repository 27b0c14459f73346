using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>
/// Takes JSON without white space apart, piece by piece, where it is known what comes next. What does not come as expected
/// makes the whole text unknown: what is taken from then on is empty, and <see cref="IsAtEnd"/> stays false.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="recent">What its short strings may well be; then no new ones are made.</param>
internal ref struct CanonicalJson(ReadOnlySpan<byte> text, RecentTexts recent)
{
    /// <summary>Room for the longest name that <see cref="Name"/> takes.</summary>
    public const int MaxNameLength = 40;

    private const int MaxBrackets = 32;

    // What ends a run of plain characters: the quote, an escape, and control characters, which JSON does not allow.
    private static readonly SearchValues<byte> NotPlain =
        SearchValues.Create("\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"u8);

    private ReadOnlySpan<byte> rest = text;
    private bool isUnknown;

    /// <summary>Everything was as expected, and nothing is left.</summary>
    public readonly bool IsAtEnd => !isUnknown && rest.IsEmpty;

    /// <summary>Exactly this text.</summary>
    public void Literal(ReadOnlySpan<byte> expected) => isUnknown |= !TryLiteral(expected);

    /// <summary>Exactly this text, or another, which stays where it is.</summary>
    public bool TryLiteral(ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[expected.Length..];
        return true;
    }

    /// <summary>Something that no form is known for.</summary>
    public T Unknown<T>()
    {
        isUnknown = true;
        return default!;
    }

    /// <summary>A short ASCII string, as characters in <paramref name="room"/>.</summary>
    public ReadOnlySpan<char> Name(char[] room)
    {
        var name = Plain();
        return name.Length <= room.Length && Ascii.ToUtf16(name, room, out var length) == OperationStatus.Done
            ? room.AsSpan(0, length)
            : Unknown<string>();
    }

    /// <summary>A string.</summary>
    /// <param name="likely">What it may well be; then no new one is made.</param>
    public string Text(string? likely = null)
    {
        var escape = 0;
        if (rest.StartsWith("\""u8) && (escape = rest[1..].IndexOfAny(NotPlain) + 1) > 0 && rest[escape] == '\\')
        {
            return Escaped(escape);
        }

        var plain = Plain();
        return likely is not null && Ascii.Equals(plain, likely) ? likely : recent.Of(plain) ?? Unknown<string>() ?? "";
    }

    /// <summary>Exactly the string of these parts, which need no escapes, or another value, which stays where it is.</summary>
    public bool TryText(ReadOnlySpan<char> first, ReadOnlySpan<char> second, ReadOnlySpan<char> third)
    {
        var length = first.Length + second.Length + third.Length;
        if (rest.Length < length + 2 || rest[0] != '"' || rest[length + 1] != '"')
        {
            return false;
        }

        var text = rest.Slice(1, length);
        if (!Ascii.Equals(text[..first.Length], first) || !Ascii.Equals(text[^third.Length..], third)
            || !Ascii.Equals(text[first.Length..^third.Length], second))
        {
            return false;
        }

        rest = rest[(length + 2)..];
        return true;
    }

    /// <summary>A string or null.</summary>
    /// <param name="likely">What it may well be; then no new one is made.</param>
    public string? OptionalText(string? likely = null) => TryLiteral("null"u8) ? null : Text(likely);

    /// <summary>A member, not the first of its object, that is a string.</summary>
    public string Text(ReadOnlySpan<byte> member)
    {
        Member(member);
        return Text();
    }

    /// <summary>A member, not the first of its object, that is a string or null.</summary>
    public string? OptionalText(ReadOnlySpan<byte> member)
    {
        Member(member);
        return OptionalText();
    }

    /// <summary>An integer of 64 bits.</summary>
    public long Integer()
    {
        // The parser takes leading zeros and plus signs, which JSON does not have.
        var digits = rest.StartsWith("-"u8) ? rest[1..] : rest;
        var isPlain = digits is [>= (byte)'1' and <= (byte)'9', ..] || digits is [(byte)'0'] or [(byte)'0', (< (byte)'0') or (> (byte)'9'), ..];
        if (isPlain && Utf8Parser.TryParse(rest, out long value, out var length))
        {
            rest = rest[length..];
            return value;
        }

        return Unknown<long>();
    }

    /// <summary>A member, not the first of its object, that is an integer of 64 bits or null.</summary>
    public long? OptionalInteger(ReadOnlySpan<byte> member)
    {
        Member(member);
        return TryLiteral("null"u8) ? null : Integer();
    }

    /// <summary>The name of an enum's value.</summary>
    public T Enum<T>()
        where T : struct, Enum => WireEnum<T>.TryParse(Plain(), out var value) ? value : Unknown<T>();

    /// <summary>A member, not the first of its object, that is the name of an enum's value.</summary>
    public T Enum<T>(ReadOnlySpan<byte> member)
        where T : struct, Enum
    {
        Member(member);
        return Enum<T>();
    }

    /// <summary>A member, not the first of its object, that names a payload.</summary>
    public PayloadReference Reference(ReadOnlySpan<byte> member) => OptionalReference(member) ?? Unknown<PayloadReference>();

    /// <summary>A member, not the first of its object, that names a payload or is null.</summary>
    public PayloadReference? OptionalReference(ReadOnlySpan<byte> member)
    {
        Member(member);
        return TryLiteral("null"u8) ? null : PayloadReference.Read(ref this);
    }

    /// <summary>A small object of any members, all that is left but for what is known to end the text.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ShallowObject(ReadOnlySpan<byte> end)
    {
        var length = rest.Length - end.Length;

        // The contract counts the levels of the whole text; few brackets make few levels.
        if (length <= 0 || !rest.EndsWith(end) || rest[0] != '{' || rest.Count((byte)'{') + rest.Count((byte)'[') > MaxBrackets)
        {
            return Unknown<IReadOnlyDictionary<string, JsonElement>>();
        }

        var text = rest[..length];
        rest = rest[length..];
        try
        {
            return JsonSerializer.Deserialize(text, BundleJsonContext.Default.IReadOnlyDictionaryStringJsonElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unknown<IReadOnlyDictionary<string, JsonElement>>();
        }
    }

    private void Member(ReadOnlySpan<byte> name)
    {
        Literal(",\""u8);
        Literal(name);
        Literal("\":"u8);
    }

    // The characters of a string without escapes, which may not be valid UTF-8.
    private ReadOnlySpan<byte> Plain()
    {
        var length = rest.StartsWith("\""u8) ? rest[1..].IndexOfAny(NotPlain) : -1;
        if (length < 0 || rest[length + 1] != '"')
        {
            isUnknown = true;
            return default;
        }

        var plain = rest.Slice(1, length);
        rest = rest[(length + 2)..];
        return plain;
    }

    // A string with an escape at the given place: the library knows them all, given where the string ends.
    private string Escaped(int escape)
    {
        var end = escape;
        while (end < rest.Length && rest[end] != '"')
        {
            end += rest[end] == '\\' ? 2 : 1;
            var run = end < rest.Length ? rest[end..].IndexOfAny((byte)'"', (byte)'\\') : -1;
            end = run < 0 ? rest.Length : end + run;
        }

        if (end >= rest.Length)
        {
            return Unknown<string>() ?? "";
        }

        var quoted = rest[..(end + 1)];
        rest = rest[quoted.Length..];
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            return reader.GetString()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An escape that there is not, or text that is not Unicode.
            return Unknown<string>() ?? "";
        }
    }
}
