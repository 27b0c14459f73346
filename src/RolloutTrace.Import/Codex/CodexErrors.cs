using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>The errors that a log tells.</summary>
internal static class CodexErrors
{
    // Others are of the program's own doing, or do not say whose they are.
    private static readonly string[] OfRequests =
    [
        "bad_request", "bio_policy", "context_window_exceeded", "cyber_policy", "flex_unavailable", "http_connection_failed", "internal_server_error", "invalid_prompt",
        "model_cap", "rate_limit_exceeded", "response_stream_connection_failed", "response_stream_disconnected", "response_too_many_failed_attempts",
        "server_overloaded", "unauthorized", "usage_limit_exceeded",
    ];

    /// <summary>The words of an error with which a model's request failed; null where it is none, or does not say.</summary>
    /// <param name="error">The event, or what the end of a turn says of it.</param>
    public static string? FailureOfRequest(JsonElement error)
    {
        var info = JsonText.Member(error, "codex_error_info");
        var kind = info.ValueKind == JsonValueKind.Object ? info.EnumerateObject().Select(static member => member.Name).FirstOrDefault() : JsonText.OrNull(info);
        return kind is not null && Array.IndexOf(OfRequests, kind) >= 0 ? JsonText.Read(JsonText.Member(error, "message"), out _) ?? kind : null;
    }

    /// <summary>Whether the end of a call to an MCP server says that it failed: the server was not reached, or says so itself.</summary>
    public static bool IsOfFailedCall(JsonElement end) =>
        JsonText.Member(end, "result") is var result
        && (JsonText.Member(result, "Err").ValueKind == JsonValueKind.String
            || JsonText.Member(JsonText.Member(result, "Ok"), "isError").ValueKind == JsonValueKind.True
            || JsonText.Member(JsonText.Member(result, "Ok"), "is_error").ValueKind == JsonValueKind.True);
}
