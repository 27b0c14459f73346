using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes the note of what was lost. The member may be anybody's: of any other shape it is ignored, and the bundle
/// is read as if it were not there.
/// </summary>
internal sealed class BundleLossConverter : JsonConverter<BundleLoss>
{
    private const int MaxCauseLength = 40;

    private static readonly SearchValues<char> CauseCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    public override BundleLoss? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var note = document.RootElement;
        if (note.ValueKind != JsonValueKind.Object || !note.TryGetProperty("cause"u8, out var cause) || !note.TryGetProperty("events"u8, out var events))
        {
            return null;
        }

        return CauseOf(cause) is { } word && events.ValueKind == JsonValueKind.Number && events.TryGetInt64(out var lost) && lost >= 0
            ? new BundleLoss { Cause = word, Events = lost }
            : null;
    }

    public override void Write(Utf8JsonWriter writer, BundleLoss value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("cause"u8, value.Cause);
        writer.WriteNumber("events"u8, value.Events);
        writer.WriteEndObject();
    }

    // As it stands in the file: half a surrogate pair in a string is no text, and asking for it throws.
    private static string? CauseOf(JsonElement cause)
    {
        if (cause.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var raw = cause.GetRawText().AsSpan()[1..^1];
        return raw.Length is > 0 and <= MaxCauseLength && !raw.ContainsAnyExcept(CauseCharacters) ? raw.ToString() : null;
    }
}
