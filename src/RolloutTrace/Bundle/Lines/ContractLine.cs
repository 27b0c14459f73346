using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>Reads a line of the log by the generated contract: members in any order, unknown ones ignored. What it refuses, it describes.</summary>
internal static class ContractLine
{
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The event on a line, or what is wrong with it.</summary>
    public static (RawEvent? Event, LineDefect? Defect) Read(ReadOnlySpan<byte> line)
    {
        // An exception costs more than the longest line of most logs, and a log may have millions of lines that are none: one is thrown for each, not three.
        if (line.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..] && NoJson(line) is { } noJson)
        {
            return (null, noJson);
        }

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
            return (null, NoJson(line) ?? new LineDefect(LineDefectKind.NotAnEvent, NoEvent(e)));
        }
    }

    private static string NoEvent(Exception e) => e switch
    {
        JsonException json when !json.Message.Contains("discriminator", StringComparison.Ordinal) => $"no event that is known: {JsonWords.WithoutPlace(json)}",
        InvalidOperationException => "no event that is known: a text in it is not valid Unicode",
        _ => "no event that is known: it does not say of what type it is, or of one that is not known",
    };

    // Null if it is JSON.
    private static LineDefect? NoJson(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, Depth);
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            return new LineDefect(LineDefectKind.NotJson, $"no JSON: {JsonWords.WithoutPlace(e)} (byte {e.BytePositionInLine + 1} of the line)");
        }
    }
}
