using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Reducer;

/// <summary>
/// A text of a state. A long one that came as the JSON that a state would say it in is kept as that: half as much memory, never
/// decoded unless someone asks for it, and written as it is.
/// </summary>
internal sealed class StoredText : IEquatable<StoredText>
{
    // Shorter ones are as well kept as strings.
    private const int MinBytes = 512;

    // What writers write as it is, and what may follow a backslash so that no writer would have written it otherwise.
    private static readonly SearchValues<byte> Verbatim = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);
    private static readonly SearchValues<byte> Escapes = SearchValues.Create("\"\\bfnrt"u8);

    private readonly string? text;
    private readonly byte[]? json;

    private StoredText(string? text, byte[]? json)
    {
        this.text = text;
        this.json = json;
    }

    /// <summary>The text of nothing.</summary>
    public static StoredText Empty { get; } = new("", json: null);

    /// <summary>A text that is there already.</summary>
    public static StoredText Of(string text) => text is { Length: 0 } ? Empty : new StoredText(text, json: null);

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode, or no string.</exception>
    public static StoredText Of(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length >= MinBytes && value.ValueKind == JsonValueKind.String && IsAsWritten(raw[1..^1])
            ? new StoredText(text: null, raw.ToArray())
            : Of(value.GetString()!);
    }

    /// <summary>Writes it as a member.</summary>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> member)
    {
        if (json is null)
        {
            writer.WriteString(member, text);
        }
        else
        {
            writer.WritePropertyName(member);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }

    /// <summary>The text; made anew each time where it is kept as JSON.</summary>
    public override string ToString()
    {
        if (text is not null)
        {
            return text;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    /// <inheritdoc/>
    public bool Equals(StoredText? other) => other is not null
        && (ReferenceEquals(this, other) || (json is not null && other.json is not null ? json.AsSpan().SequenceEqual(other.json) : ToString() == other.ToString()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredText);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // The writer's own encoder says the same of each: a test asks it.
    private static bool IsAsWritten(ReadOnlySpan<byte> escaped)
    {
        while (true)
        {
            var special = escaped.IndexOfAnyExcept(Verbatim);
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
