using System.Text;
using System.Text.Json;

namespace RolloutTrace.Cli;

/// <summary>A receiver's own words in an answer that is no success.</summary>
internal static class AnswerText
{
    private const int Longest = 300;

    /// <summary>The words in a body; null if it has none for people.</summary>
    public static string? Of(string? mediaType, ReadOnlySpan<byte> body) => OneLine(mediaType switch
    {
        "application/x-protobuf" => RpcStatus.Read(body).Words,
        "application/json" => OfJson(body),
        _ when body.TrimStart(" \t\r\n"u8).StartsWith("<"u8) => null,
        _ => Encoding.UTF8.GetString(body),
    });

    /// <summary>Words on one line, the beginning of very many; null for none.</summary>
    public static string? OneLine(string? words)
    {
        var line = TerminalText.OneLine(string.Join(' ', (words ?? "").Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)));
        return line.Length == 0 ? null : line.Length > Longest ? $"{line.AsSpan(0, Longest)}…" : line;
    }

    private static string? OfJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in (ReadOnlySpan<string>)["message", "error", "detail", "title"])
                {
                    if (document.RootElement.TryGetProperty(name, out var words) && words.ValueKind == JsonValueKind.String)
                    {
                        return words.GetString();
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text all the same.
        }

        return Encoding.UTF8.GetString(body);
    }
}
