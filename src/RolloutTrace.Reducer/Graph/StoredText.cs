using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Reducer.Reading;

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
    private static readonly SearchValues<char> Plain = SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // Another in each process, as the runtime's hashes are.
    private static readonly long Seed = HashCode.Combine(0);

    // The JSON in quotation marks, as bytes or in a block of them, or the text as a string; from the first that asks for it on a string.
    private object content;
    private long hash;

    // Where in its block it lies.
    private readonly int start;
    private readonly int length;

    private StoredText(object content, int start = 0, int length = 0)
    {
        this.content = content;
        this.start = start;
        this.length = length;
    }

    /// <summary>The text of nothing.</summary>
    public static StoredText Empty { get; } = new("");

    /// <summary>A text that is there already.</summary>
    public static StoredText Of(string text) => text is { Length: 0 } ? Empty : new StoredText(text);

    /// <summary>The text of a JSON string.</summary>
    /// <param name="value">The string.</param>
    /// <param name="memory">Where to keep it, if it is certain that the state has it in the end; null for memory of its own.</param>
    /// <exception cref="InvalidOperationException">It is not valid Unicode, or no string.</exception>
    public static StoredText Of(JsonElement value, TextMemory? memory = null) => LongOrNull(value, memory) ?? Of(value.GetString()!);

    /// <summary>The text of a JSON string that is long; null if it is not, or is not valid Unicode.</summary>
    /// <param name="value">The string.</param>
    /// <param name="memory">As for <see cref="Of(JsonElement, TextMemory?)"/>.</param>
    public static StoredText? LongOrNull(JsonElement value, TextMemory? memory = null)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length < MinBytes || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        if (memory is null)
        {
            return JsonEscapes.Canonical(raw[1..^1]) is { } json ? new StoredText(json) : null;
        }

        return JsonEscapes.Canonical(raw[1..^1], memory, out var start, out var length) is { } block ? new StoredText(block, start, length) : null;
    }

    /// <summary>Writes it as a member.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="destination">Where the writer writes to, for what is so long that it is not to be gathered in the writer's memory too.</param>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> member, Stream destination)
    {
        var kept = content;
        if (kept is string text)
        {
            writer.WriteString(member, text);
            return;
        }

        var json = JsonIn(kept);
        writer.WritePropertyName(member);
        if (json.Length < MinDirectBytes)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else
        {
            // To the writer the first byte is the value.
            writer.WriteRawValue(json[..1], skipInputValidation: true);
            writer.Flush();
            destination.Write(json[1..]);
        }

        GC.KeepAlive(kept);
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var kept = content;
        if (kept is not string text)
        {
            content = text = Decode(kept);
        }

        return text;
    }

    /// <inheritdoc/>
    public bool Equals(StoredText? other)
    {
        if (other is null || ReferenceEquals(this, other))
        {
            return other is not null;
        }

        var (mine, others) = (content, other.content);
        var isSame = (mine, others) switch
        {
            (string a, string b) => a == b,
            (string a, _) => a == other.Decode(others),
            (_, string b) => Decode(mine) == b,
            _ => JsonIn(mine).SequenceEqual(other.JsonIn(others)),
        };
        GC.KeepAlive(mine);
        GC.KeepAlive(others);
        return isSame;
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
            var kept = content;
            hash = kept is string text
                ? (MayBeLong(text) && JsonOf(text) is { Length: >= MinBytes } made ? ByteHash.Of(made, Seed) : OfShort(text))
                : JsonIn(kept) is { Length: >= MinBytes } json ? ByteHash.Of(json, Seed) : OfShort(ToString());
            GC.KeepAlive(kept);
        }

        return hash;
    }

    // Who asks keeps what is kept alive.
    private ReadOnlySpan<byte> JsonIn(object kept) => kept is byte[] json ? json : ((TextBlock)kept).Span.Slice(start, length);

    // What stands for itself has a byte a character, and nothing more than six.
    private static bool MayBeLong(string text) =>
        text.Length + 2 >= MinBytes || ((6 * text.Length) + 2 >= MinBytes && text.AsSpan().ContainsAnyExcept(Plain));

    private static long OfShort(string text) => ByteHash.Of(MemoryMarshal.AsBytes(text.AsSpan()), Seed);

    private string Decode(object kept)
    {
        var reader = new Utf8JsonReader(JsonIn(kept));
        reader.Read();
        var text = reader.GetString()!;
        GC.KeepAlive(kept);
        return text;
    }

    // What is no valid Unicode is hashed as what a state has in its place.
    private static byte[] JsonOf(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), StateWriter.Encoder).EncodedUtf8Bytes, (byte)'"'];
}
