using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Reducer;

/// <summary>
/// A text of a state. A long one that came as JSON is kept as the JSON that a state says it in, which is half as much memory mostly, written as
/// it is, and decoded when someone asks for it.
/// </summary>
internal sealed class StoredText : IEquatable<StoredText>
{
    // Shorter ones are as well kept as strings.
    private const int MinBytes = 512;

    private readonly string? text;
    private readonly byte[]? json;

    private StoredText(string text) => this.text = text;

    private StoredText(byte[] json) => this.json = json;

    /// <summary>The text of nothing.</summary>
    public static StoredText Empty { get; } = new("");

    /// <summary>A text that is there already.</summary>
    public static StoredText Of(string text) => text is { Length: 0 } ? Empty : new StoredText(text);

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode, or no string.</exception>
    public static StoredText Of(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length >= MinBytes && value.ValueKind == JsonValueKind.String && JsonEscapes.Canonical(raw[1..^1]) is { } json
            ? new StoredText(json)
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

    /// <summary>The text; a long one is made anew each time.</summary>
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
        && (ReferenceEquals(this, other)
            || (json is not null && other.json is not null ? json.AsSpan().SequenceEqual(other.json) : ToString() == other.ToString()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredText);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
