using System.Buffers;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>The member <c>collected</c> of a manifest, which says what a bundle lacks. All other bytes of a manifest stay as they are.</summary>
internal static class CollectedManifest
{
    private const string Member = "collected";
    private const string MissingManifestMember = "missing_manifest";

    /// <summary>The manifest with what is missing.</summary>
    /// <param name="manifest">A JSON object.</param>
    /// <param name="hole">What is missing.</param>
    public static byte[] With(ReadOnlySpan<byte> manifest, BundleHole hole)
    {
        manifest = Without(manifest);
        var end = manifest.LastIndexOf((byte)'}');
        return [.. manifest[..end], .. ",\""u8, .. System.Text.Encoding.ASCII.GetBytes(Member), .. "\":"u8, .. Value(hole), .. manifest[end..]];
    }

    /// <summary>The manifest without it, as it was.</summary>
    public static byte[] Without(ReadOnlySpan<byte> manifest) => Find(manifest) is { } found ? [.. manifest[..found.From], .. manifest[found.To..]] : manifest.ToArray();

    /// <summary>Whether it says that the manifest did not come, and was made from something else.</summary>
    public static bool IsMade(ReadOnlySpan<byte> manifest)
    {
        var reader = new Utf8JsonReader(manifest);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty(Member, out var collected) && collected.ValueKind == JsonValueKind.Object
            && collected.TryGetProperty(MissingManifestMember, out var made) && made.ValueKind == JsonValueKind.True;
    }

    // From the comma before the member, which is never the first, to the end of its value.
    private static (int From, int To)? Find(ReadOnlySpan<byte> manifest)
    {
        var reader = new Utf8JsonReader(manifest, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        var before = 0;
        for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
        {
            var isIt = reader.ValueTextEquals(Member);
            reader.Read();
            reader.Skip();
            if (isIt && before > 0)
            {
                return (before, (int)reader.BytesConsumed);
            }

            before = (int)reader.BytesConsumed;
        }

        return null;
    }

    private static ReadOnlySpan<byte> Value(BundleHole hole)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("missing_seq");
            foreach (var (first, last) in hole.MissingSeq)
            {
                json.WriteStartArray();
                json.WriteNumberValue(first);
                json.WriteNumberValue(last);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("missing_payloads");
            foreach (var path in hole.MissingPayloads)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
            if (hole.MissingManifest)
            {
                json.WriteBoolean(MissingManifestMember, true);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
