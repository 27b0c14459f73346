using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace;

/// <summary>What is known of a tool call when it is dispatched. All members but the name are optional.</summary>
public readonly struct ToolCallOptions
{
    /// <summary>Name of the tool, as the model calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Namespace of the tool, if it has one.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// The id by which the model knows the call; none for a call from code. One that an earlier call of the rollout had stays on
    /// the span: in the bundle it is the earlier call's.
    /// </summary>
    public string? CallId { get; init; }

    /// <summary>
    /// Id of the call, unique in the rollout; by default <see cref="CallId"/>, and a fresh UUID if there is none or an earlier call
    /// had it.
    /// </summary>
    public string? ToolCallId { get; init; }

    /// <summary>Arguments of a function: JSON, or a JSON string value that holds the JSON text, as models give it.</summary>
    public JsonPayload Arguments { get; init; }

    /// <summary>The input, where it is not the arguments of a function. It wins over <see cref="Arguments"/>.</summary>
    public ToolInput Input { get; init; }

    /// <summary>
    /// Kind of the tool; by default it follows from the name: <c>exec_command</c>, <c>apply_patch</c>, <c>spawn_agent</c> and
    /// their like are known, everything else is another tool. For a tool that does the same under a name of its own.
    /// </summary>
    public ToolCallKind? Kind { get; init; }

    /// <summary>Name of the MCP server, for a tool of one: its kind is then <c>mcp</c>.</summary>
    public string? McpServer { get; init; }

    /// <summary>The tool's name at its MCP server; <see cref="Name"/> by default.</summary>
    public string? McpTool { get; init; }

    /// <summary>Type of the tool by the GenAI conventions: function (the default), extension or datastore.</summary>
    public string? Type { get; init; }

    /// <summary>The model request whose response asked for the call.</summary>
    public ModelRequest? CausedBy { get; init; }

    /// <summary>The code cell that the call waits for; for the tool <c>wait</c>.</summary>
    public CodeCell? WaitsFor { get; init; }

    /// <summary>The code-mode runtime's id of the call; for a call from a code cell.</summary>
    public string? CodeModeRuntimeToolId { get; init; }

    /// <summary>The span of another library that stands for the same; no span is started then.</summary>
    internal Activity? Span { get; init; }
}
