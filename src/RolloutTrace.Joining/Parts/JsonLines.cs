using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Joining.Parts;

/// <summary>Writes JSON as logs and payloads have it: without white space, escaped as little as JSON allows.</summary>
internal static class JsonLines
{
    public static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            write(json);
        }

        return buffer.ToArray();
    }
}
