using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>Reads documents that may be anything.</summary>
internal static class Documents
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The document; undefined where it is none.</summary>
    public static JsonElement TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Parse(utf8);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>The document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8.Span.StartsWith("\ufeff"u8) ? utf8[3..] : utf8, Options);
        return document.RootElement.Clone();
    }
}
