using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>JSON as agents' runtimes write it: nulls kept, nothing escaped that need not be.</summary>
internal sealed class JsonText(bool indented)
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonSerializerOptions options = new(OneLine) { WriteIndented = indented };

    /// <summary>What stands between two items of a request's <c>input</c>.</summary>
    public byte[] ItemSeparator { get; } = indented ? ",\n    "u8.ToArray() : ","u8.ToArray();

    public byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, options);

    public static string Compact(object value) => JsonSerializer.Serialize(value, OneLine);

    /// <summary>An item as it stands inside a request's <c>input</c>. Strings hold no raw line ends, so each one found is layout.</summary>
    public byte[] ItemBytes(object item) => indented
        ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Bytes(item)).Replace("\n", "\n    ", StringComparison.Ordinal))
        : Bytes(item);
}
