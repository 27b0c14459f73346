using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>The document <c>tool_result</c>: its type says which of the other members it has.</summary>
internal sealed record ToolResultPayload
{
    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonPayload? ResponseItem { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonPayload? Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What the caller got, and the error that it got it for, or nothing for; empty if there is neither.</summary>
    /// <param name="result">What the caller got.</param>
    /// <param name="error">What went wrong; null if nothing did.</param>
    /// <param name="toCode">Whether it went to the code that called the tool, and not to the model.</param>
    public static JsonPayload Of(in JsonPayload result, string? error, bool toCode)
    {
        var payload = (result.IsEmpty, toCode, error) switch
        {
            (false, false, _) => new ToolResultPayload { Type = "direct_response", ResponseItem = result, Error = error },
            (false, true, _) => new ToolResultPayload { Type = "code_mode_response", Value = result, Error = error },
            (true, _, not null) => new ToolResultPayload { Type = "error", Error = error },
            _ => null,
        };
        return payload is null ? default : JsonPayload.From(payload, PayloadJsonContext.Default.ToolResultPayload);
    }
}
