using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Payloads;

/// <summary>
/// A call to an MCP server as the span of the tool call tells it: the C# SDK takes the current span of a tool for its own, says on it
/// what it asked for, and gives the server the span's context in the request's <c>_meta</c>.
/// </summary>
internal sealed class McpSpan
{
    private const string ToolsCall = "tools/call";

    private McpSpan(string callId, string server, string tool)
    {
        CallId = callId;
        Server = server;
        Tool = tool;
    }

    /// <summary>What joins the call to the server's log: trace and span id, as they stand in the <c>traceparent</c> of <c>_meta</c>.</summary>
    public string CallId { get; }

    /// <summary>The server's name, else its address, else empty.</summary>
    public string Server { get; }

    /// <summary>The tool as the server calls it.</summary>
    public string Tool { get; }

    /// <summary>The call that an activity tells of; null if it tells of none.</summary>
    public static McpSpan? Of(Activity? activity) =>
        activity is null ? null : Read(name => Last(activity, name), activity.TraceId.ToHexString(), activity.SpanId.ToHexString());

    /// <summary>The call that a span tells of; null if it tells of none.</summary>
    /// <param name="tag">Gives the text of an attribute.</param>
    /// <param name="traceId">The span's trace.</param>
    /// <param name="spanId">The span's id.</param>
    public static McpSpan? Read(Func<string, string?> tag, string traceId, string spanId)
    {
        if (tag(RolloutAttributes.Mcp.MethodName) != ToolsCall)
        {
            return null;
        }

        var address = tag(RolloutAttributes.Server.Address);
        var port = tag(RolloutAttributes.Server.Port);
        return new McpSpan(
            $"{traceId}-{spanId}",
            tag("mcp.server.name") ?? (address is null ? string.Empty : port is null ? address : $"{address}:{port}"),
            tag(RolloutAttributes.GenAI.ToolName) ?? string.Empty);
    }

    /// <summary>How the call began, and with how it ended.</summary>
    /// <param name="toolCallId">The tool call.</param>
    /// <param name="arguments">The arguments as text; null if they are not known.</param>
    /// <param name="duration">How long it took; null for the beginning.</param>
    /// <param name="output">What it gave, as a model reads it; null if nothing.</param>
    /// <param name="error">Why it gave nothing.</param>
    public JsonPayload Payload(string toolCallId, string? arguments, TimeSpan? duration = null, string? output = null, string? error = null) => JsonPayload.From(
        new McpRuntimePayload
        {
            CallId = toolCallId,
            Invocation = new McpInvocation(Server, Tool, JsonPayload.OfJson(IsObject(arguments) ? arguments : "{}")),
            Duration = duration is { } elapsed ? ElapsedTime.Of(elapsed) : null,
            Result = duration is null ? null : output is not null ? new McpResult { Ok = ResultOf(output) } : new McpResult { Err = error ?? "no result is known" },
        },
        PayloadJsonContext.Default.McpRuntimePayload);

    // A result of the protocol as it is; of a single text the SDK gives the text alone.
    private static JsonPayload ResultOf(string output)
    {
        if (IsObject(output, out var json) && json.TryGetProperty("content"u8, out var content) && content.ValueKind == JsonValueKind.Array)
        {
            return JsonPayload.OfJson(output);
        }

        var text = json.ValueKind == JsonValueKind.Object && JsonText.MemberOrNull(json, "$type") == "text" ? JsonText.MemberOrNull(json, "text") ?? output
            : json.ValueKind == JsonValueKind.String ? JsonText.Read(json, out _) : output;
        var quoted = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(text, PayloadJsonContext.Default.String));
        return JsonPayload.OfJson($$"""{"content":[{"type":"text","text":{{quoted}}}]}""");
    }

    private static bool IsObject(string? text) => text is not null && IsObject(text, out _);

    private static bool IsObject(string text, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(text);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    // A name may stand there twice: what was said last counts.
    private static string? Last(Activity activity, string name)
    {
        object? value = null;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key == name)
            {
                value = tag.Value;
            }
        }

        return value is IFormattable number ? number.ToString(format: null, CultureInfo.InvariantCulture) : value as string;
    }
}
