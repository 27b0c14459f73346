using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Reducer.Conversation;

namespace RolloutTrace.Reducer;

/// <summary>
/// A text of a state. A long one that came as JSON is kept as the JSON that a state says it in, which is half as much memory mostly, written as
/// it is, and decoded when someone asks for it. Safe for concurrent use.
/// </summary>
internal sealed class StoredText : IEquatable<StoredText>
{
    // Shorter ones are as well kept as strings.
    private const int MinBytes = 512;

    // As much as is gathered otherwise.
    private const int MinDirectBytes = 1 << 18;

    // What stands for itself in JSON.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Except(['"', '\\'])]);

    // Another in each process, as the runtime's hashes are.
    private static readonly long Seed = HashCode.Combine(0);

    // The JSON in quotation marks as bytes, or the text as a string; from the first that asks for it on a string.
    private object content;
    private long hash;

    private StoredText(object content) => this.content = content;

    /// <summary>The text of nothing.</summary>
    public static StoredText Empty { get; } = new("");

    /// <summary>A text that is there already.</summary>
    public static StoredText Of(string text) => text is { Length: 0 } ? Empty : new StoredText(text);

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode, or no string.</exception>
    public static StoredText Of(JsonElement value) => LongOrNull(value) ?? Of(value.GetString()!);

    /// <summary>The text of a JSON string that is long; null if it is not, or is not valid Unicode.</summary>
    public static StoredText? LongOrNull(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length >= MinBytes && value.ValueKind == JsonValueKind.String && JsonEscapes.Canonical(raw[1..^1]) is { } json ? new StoredText(json) : null;
    }

    /// <summary>Writes it as a member.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="destination">Where the writer writes to, for what is so long that it is not to be gathered in the writer's memory too.</param>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> member, Stream destination)
    {
        if (content is not byte[] json)
        {
            writer.WriteString(member, (string)content);
            return;
        }

        writer.WritePropertyName(member);
        if (json.Length < MinDirectBytes)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        // To the writer the first byte is the value.
        writer.WriteRawValue(json.AsSpan(0, 1), skipInputValidation: true);
        writer.Flush();
        destination.Write(json, 1, json.Length - 1);
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        if (content is byte[] json)
        {
            content = Decode(json);
        }

        return (string)content;
    }

    /// <inheritdoc/>
    public bool Equals(StoredText? other)
    {
        if (other is null || ReferenceEquals(this, other))
        {
            return other is not null;
        }

        return (content, other.content) switch
        {
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (string a, string b) => a == b,
            (byte[] a, string b) => Decode(a) == b,
            (string a, byte[] b) => a == Decode(b),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredText);

    /// <inheritdoc/>
    public override int GetHashCode() => HashOf().GetHashCode();

    /// <summary>A hash of the text, the same in whichever form it is kept; as hard to foresee as those of the runtime, and several times as fast on what is long.</summary>
    public long HashOf()
    {
        if (hash == 0)
        {
            hash = content switch
            {
                byte[] json when json.Length >= MinBytes => ByteHash.Of(json, Seed),
                byte[] => OfShort(ToString()),
                string text when MayBeLong(text) && JsonOf(text) is { Length: >= MinBytes } json => ByteHash.Of(json, Seed),
                _ => OfShort((string)content),
            };
        }

        return hash;
    }

    // What stands for itself has a byte a character, and nothing more than six.
    private static bool MayBeLong(string text) =>
        text.Length + 2 >= MinBytes || ((6 * text.Length) + 2 >= MinBytes && text.AsSpan().ContainsAnyExcept(Plain));

    private static long OfShort(string text) => ByteHash.Of(MemoryMarshal.AsBytes(text.AsSpan()), Seed);

    private static string Decode(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    // What is no valid Unicode is hashed as what a state has in its place.
    private static byte[] JsonOf(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), StateWriter.Encoder).EncodedUtf8Bytes, (byte)'"'];
}
