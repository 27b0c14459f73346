using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Input;

/// <summary>The whole lines at the beginning of a log.</summary>
internal static class HeadLines
{
    /// <summary>Those that are objects. They need not be disposed of.</summary>
    public static IReadOnlyList<JsonElement> Of(ReadOnlySpan<byte> beginning)
    {
        var lines = new List<JsonElement>();
        while (beginning.IndexOf((byte)'\n') is var end && !beginning.IsEmpty)
        {
            var line = end < 0 ? beginning : beginning[..end];
            beginning = end < 0 ? default : beginning[(end + 1)..];
            try
            {
                var element = JsonElement.Parse(line.Trim("\0 \t\r"u8), new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth });
                if (element.ValueKind == JsonValueKind.Object)
                {
                    lines.Add(element);
                }
            }
            catch (JsonException)
            {
                // It is torn, or goes on behind what was read.
            }
        }

        return lines;
    }
}
