using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Payloads;

/// <summary>What an MCP server says of a call that has failed: clients give the result, or its content, as the words of the failure.</summary>
internal static class McpFailure
{
    /// <summary>The texts of a result that says it is an error, or of the content of one; anything else as it is.</summary>
    public static string? Words(string? told)
    {
        if (told is not (['{' or '[', ..]) || !told.Contains("\"text\"", StringComparison.Ordinal))
        {
            return told;
        }

        try
        {
            using var document = JsonDocument.Parse(told);
            var content = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement
                : JsonText.Member(document.RootElement, "isError").ValueKind == JsonValueKind.True ? JsonText.Member(document.RootElement, "content")
                : default;
            return TextsOf(content) ?? told;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Text with half of a surrogate pair in it is no JSON either.
            return told;
        }
    }

    private static string? TextsOf(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var texts = content.EnumerateArray()
            .Where(static part => part.ValueKind == JsonValueKind.Object && JsonText.MemberOrNull(part, "type") == "text")
            .Select(static part => JsonText.MemberOrNull(part, "text"))
            .Where(static text => !string.IsNullOrWhiteSpace(text))
            .ToList();
        return texts.Count == 0 ? null : string.Join('\n', texts);
    }
}
