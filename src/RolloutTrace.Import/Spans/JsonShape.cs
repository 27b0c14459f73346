using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Spans;

/// <summary>How JSON stands in a file.</summary>
internal static class JsonShape
{
    // A first line that is torn is longer than one that opens a document of many lines.
    private const int LongestOpening = 40;

    /// <summary>Whether it begins as an object or a list.</summary>
    public static bool IsJson(ReadOnlySpan<byte> beginning) => beginning.Trim("\0 \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>Whether each value has a line of its own, and not one value many lines.</summary>
    public static bool IsOneLine(ReadOnlySpan<byte> beginning)
    {
        beginning = beginning.Trim("\0 \t\r\n"u8);
        var end = beginning.IndexOf((byte)'\n');
        if (end < 0 || IsWhole(beginning[..end]))
        {
            return true;
        }

        var second = beginning[(end + 1)..];
        return end > LongestOpening && second is not [(byte)' ' or (byte)'\t' or (byte)'"', ..];
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = BundleReaderOptions.MaxDepth });
            reader.Read();
            reader.Skip();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
