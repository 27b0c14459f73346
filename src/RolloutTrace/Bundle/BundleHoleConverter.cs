using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes what did not come of a bundle. The member may be anybody's: what in it is not of its shape is left out, and of any other
/// shape, or if it names nothing, it is ignored, as if it were not there.
/// </summary>
internal sealed class BundleHoleConverter : JsonConverter<BundleHole>
{
    private const string Prefix = BundleLayout.PayloadsDirectoryName + "/";
    private const string Extension = ".json";

    public override BundleHole? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var element = document.RootElement;
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var hole = new BundleHole
        {
            MissingSeq = [.. Entries(element, "missing_seq").Select(RangeOf).OfType<MissingSeq>()],
            MissingPayloads = [.. Entries(element, "missing_payloads").Select(PathOf).OfType<string>()],
            MissingManifest = JsonText.Member(element, "missing_manifest").ValueKind == JsonValueKind.True,
        };
        return hole is { MissingSeq.Count: 0, MissingPayloads.Count: 0, MissingManifest: false } ? null : hole;
    }

    public override void Write(Utf8JsonWriter writer, BundleHole value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("missing_seq"u8);
        foreach (var (first, last) in value.MissingSeq)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(first);
            writer.WriteNumberValue(last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("missing_payloads"u8);
        foreach (var path in value.MissingPayloads)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
        if (value.MissingManifest)
        {
            writer.WriteBoolean("missing_manifest"u8, true);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<JsonElement> Entries(JsonElement element, string name) =>
        JsonText.Member(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static MissingSeq? RangeOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2 && SeqOf(entry[0]) is { } first && SeqOf(entry[1]) is { } last && first <= last
            ? new MissingSeq(first, last)
            : null;

    private static long? SeqOf(JsonElement number) => number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var seq) && seq >= 1 ? seq : null;

    // Any other text is no file of a bundle that was collected, and may be anything.
    private static string? PathOf(JsonElement entry) =>
        JsonText.OrNull(entry) is { } path && path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Extension, StringComparison.Ordinal)
        && path.Length > Prefix.Length + Extension.Length && path[Prefix.Length] is >= '1' and <= '9'
        && long.TryParse(path.AsSpan(Prefix.Length..^Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? path
            : null;
}
