using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>Reads a line of the log by the generated contract: members in any order, unknown ones ignored. What it refuses, it describes.</summary>
internal static class ContractLine
{
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The event on a line, or what is wrong with it.</summary>
    public static (RawEvent? Event, LineDefect? Defect) Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BundleJsonContext.Default.RawEvent) is { } rawEvent
                ? (rawEvent, null)
                : (null, new LineDefect(LineDefectKind.NotAnEvent, "the line is null, not an event"));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // The serializer reports a missing or unknown discriminator as not supported, and text that is not
            // valid UTF-8 as an invalid operation.
            return (null, new LineDefect(IsJson(line) ? LineDefectKind.NotAnEvent : LineDefectKind.NotJson, Describe(e)));
        }
    }

    // The serializer's own "LineNumber: 0" would be taken for the log's line.
    private static string Describe(Exception e)
    {
        var path = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var message = path < 0 ? e.Message : e.Message[..path];
        return e is JsonException { BytePositionInLine: { } position } ? $"no event that is known: {message} (byte {position} of the line)" : message;
    }

    private static bool IsJson(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, Depth);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
