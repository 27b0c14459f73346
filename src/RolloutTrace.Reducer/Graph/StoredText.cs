using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Reducer;

/// <summary>
/// A text of a state. A long one is kept as UTF-8, which is half as much memory mostly, and decoded when someone asks for it; one that came as
/// the JSON that a state would say it in is kept as that, never decoded before, and written as it is.
/// </summary>
internal sealed class StoredText : IEquatable<StoredText>
{
    // Shorter ones are as well kept as strings.
    private const int MinBytes = 512;

    // What may follow a backslash so that no writer would have written it otherwise.
    private static readonly SearchValues<byte> Escapes = SearchValues.Create("\"\\bfnrt"u8);

    private readonly string? text;
    private readonly byte[]? bytes;
    private readonly bool isJson;

    private StoredText(string text) => this.text = text;

    private StoredText(byte[] bytes, bool isJson)
    {
        this.bytes = bytes;
        this.isJson = isJson;
    }

    /// <summary>The text of nothing.</summary>
    public static StoredText Empty { get; } = new("");

    /// <summary>A text that is there already.</summary>
    public static StoredText Of(string text) => text is { Length: 0 } ? Empty : new StoredText(text);

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode, or no string.</exception>
    public static StoredText Of(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length < MinBytes || value.ValueKind != JsonValueKind.String ? Of(value.GetString()!)
            : IsAsWritten(raw[1..^1]) ? new StoredText(raw.ToArray(), isJson: true)
            : Decoded(raw[1..^1]) is { } decoded ? new StoredText(decoded, isJson: false)
            : Of(value.GetString()!);
    }

    /// <summary>Writes it as a member.</summary>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> member)
    {
        if (bytes is null)
        {
            writer.WriteString(member, text);
        }
        else if (isJson)
        {
            writer.WritePropertyName(member);
            writer.WriteRawValue(bytes, skipInputValidation: true);
        }
        else
        {
            writer.WriteString(member, bytes);
        }
    }

    /// <summary>The text; a long one is made anew each time.</summary>
    public override string ToString()
    {
        if (text is not null)
        {
            return text;
        }

        if (!isJson)
        {
            return Encoding.UTF8.GetString(bytes!);
        }

        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        return reader.GetString()!;
    }

    /// <inheritdoc/>
    public bool Equals(StoredText? other) => other is not null
        && (ReferenceEquals(this, other)
            || (bytes is not null && other.bytes is not null && isJson == other.isJson ? bytes.AsSpan().SequenceEqual(other.bytes) : ToString() == other.ToString()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredText);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // Null where it is not valid Unicode, of which others say what is wrong.
    private static byte[]? Decoded(ReadOnlySpan<byte> escaped)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(escaped.Length);
        try
        {
            return JsonEscapes.Decode(escaped, buffer) is var length and >= 0 ? buffer[..length] : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Whether a state's encoder would say it just so.
    private static bool IsAsWritten(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var special = StateWriter.Encoder.FindFirstCharacterToEncodeUtf8(escaped);
            if (special < 0)
            {
                return true;
            }

            if (escaped[special] != (byte)'\\' || !Escapes.Contains(escaped[special + 1]))
            {
                return false;
            }

            escaped = escaped[(special + 2)..];
        }
    }
}
