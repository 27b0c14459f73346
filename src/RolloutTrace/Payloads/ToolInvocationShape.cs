using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>
/// Which inputs a tool call may start with. Readers take the input apart where a call is on a terminal or waits for a code cell,
/// and refuse the whole rollout over arguments of another shape. Models do write such arguments now and then. They are recorded
/// as a breadcrumb, so nothing is lost.
/// </summary>
internal static class ToolInvocationShape
{
    /// <summary>The argument of <c>write_stdin</c> that names the terminal.</summary>
    public const string TerminalId = "session_id";

    private const string WriteStdin = "write_stdin";
    private const string Wait = "wait";

    public static bool Fits(ToolCallKindType kind, string toolName, in ToolInput input)
    {
        var isOnTerminal = kind == ToolCallKindType.WriteStdin;
        if (input.IsEmpty || (!isOnTerminal && toolName != Wait))
        {
            return true;
        }

        return input.Type == ToolInputType.Function
            && (!isOnTerminal || toolName == WriteStdin)
            && PayloadPeek.Read<bool>(JsonPayload.OfJson(input.Text), isOnTerminal ? NamesTerminal : NamesCell);
    }

    /// <summary>The input of a write to a terminal without numbers that readers take as having no sign; any other input as it is.</summary>
    public static ToolInput WithoutNegatives(string? toolName, in ToolInput input)
    {
        if (toolName != WriteStdin || input.Type != ToolInputType.Function || input.Text?.Contains('-', StringComparison.Ordinal) != true)
        {
            return input;
        }

        try
        {
            return JsonNode.Parse(input.Text) is JsonObject arguments && (Remove(arguments, "yield_time_ms") | Remove(arguments, "max_output_tokens"))
                ? ToolInput.Function(JsonPayload.OfJson(arguments.ToJsonString())).WithText()
                : input;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // Models do write arguments that are no JSON, or have a member twice.
            return input;
        }

        static bool Remove(JsonObject arguments, string member) =>
            arguments[member] is JsonValue value && value.TryGetValue(out double number) && number < 0 && arguments.Remove(member);
    }

    /// <summary>Whether readers look for a message to an agent in the input, and find it.</summary>
    public static bool HasMessage(ToolCallKindType kind, in ToolInput input) =>
        kind is ToolCallKindType.SpawnAgent or ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask
        && input.Type == ToolInputType.Function
        && PayloadPeek.Read<bool>(JsonPayload.OfJson(input.Text), HasMessage);

    private static bool HasMessage(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return Member(document, "message").ValueKind == JsonValueKind.String;
    }

    private static bool NamesCell(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return Member(document, "cell_id").ValueKind == JsonValueKind.String;
    }

    private static bool NamesTerminal(ReadOnlyMemory<byte> arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var id = Member(document, TerminalId);
        return (id.ValueKind == JsonValueKind.Number || (id.ValueKind == JsonValueKind.String && id.GetString()!.Length > 0))
            && Member(document, "chars").ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined
            && IsIntegerOrNothing(Member(document, "yield_time_ms"))
            && IsIntegerOrNothing(Member(document, "max_output_tokens"));
    }

    private static bool IsIntegerOrNothing(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _));

    private static JsonElement Member(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) ? value : default;
}
