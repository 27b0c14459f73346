using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;

namespace RolloutTrace.Import.Sessions;

/// <summary>A call of a tool as a log tells it.</summary>
internal sealed class ToolUse
{
    private const string McpPrefix = "mcp__";
    private const string McpSeparator = "__";

    private ToolInput input;
    private LogText? aside;

    /// <summary>The model's id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>The tool's name.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace of the name; null for none.</summary>
    public string? Namespace { get; init; }

    /// <summary>What it was called with. Of a function that was put aside it is fetched.</summary>
    public required ToolInput Input
    {
        get => aside is { } kept ? ToolInput.Function(JsonElement.Parse(kept.Bytes.Span, new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth })) : input;
        init => input = value;
    }

    /// <summary>When it was called, in milliseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>The same call under another id.</summary>
    public ToolUse Under(string callId) => callId == CallId ? this : new ToolUse { CallId = callId, Name = Name, Namespace = Namespace, Input = input, Time = Time, aside = aside };

    /// <summary>A call of a function whose arguments, as they stand in the log, are kept where there is room.</summary>
    public ToolUse KeptIn(LogSpool spool, JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.Undefined)
        {
            (aside, input) = (spool.Keep(JsonMarshal.GetRawUtf8Value(arguments).ToArray()), default);
        }

        return this;
    }

    /// <summary>Its kind, as recorders tell it by the name. Names of tools of MCP servers say which server's they are.</summary>
    public ToolCallKind Kind => Name.StartsWith(McpPrefix, StringComparison.Ordinal)
        && Name.IndexOf(McpSeparator, McpPrefix.Length, StringComparison.Ordinal) is var end && end > McpPrefix.Length && end + McpSeparator.Length < Name.Length
        ? ToolCallKind.ForMcp(Name[McpPrefix.Length..end], Name[(end + McpSeparator.Length)..])
        : ToolClassifier.Kind(EventText.Name(Name));

    /// <summary>Whether the model wrote code for it, which runs in a cell and is no call of a tool.</summary>
    public bool IsCodeCell => Name == ToolClassifier.CodeMode && Namespace is null && Input.Type == ToolInputType.Custom;

    /// <summary>What lists show of it.</summary>
    public GenericSummary Summary => new()
    {
        Label = ToolClassifier.Label(EventText.Name(Name), EventText.NameOrNull(Namespace)),
        InputPreview = ToolClassifier.Preview(Input.WithText().Head),
    };

    /// <summary>The document <c>tool_invocation</c>; empty if there is no input.</summary>
    /// <param name="fits">Whether readers can take it as the start of the call.</param>
    public JsonPayload Invocation(out bool fits)
    {
        var input = ToolInvocationShape.WithoutNegatives(Name, Input.WithText());
        fits = ToolInvocationShape.Fits(Kind.Type, Name, input);
        return input.IsEmpty ? default : JsonPayload.From(
            new ToolInvocationPayload { ToolName = Name, ToolNamespace = Namespace, Payload = input },
            PayloadJsonContext.Default.ToolInvocationPayload);
    }

    /// <summary>The input of a function: JSON, or a string that holds JSON. The element need not outlive the call.</summary>
    public static ToolInput FunctionInput(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.Undefined => default,
        _ => ToolInput.Function(arguments.Clone()),
    };

    /// <summary>The text of a value; JSON for what is no string.</summary>
    public static string TextOf(JsonElement value) =>
        Wire.JsonText.Read(value, out _) ?? (value.ValueKind == JsonValueKind.Undefined ? "" : Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)));
}
