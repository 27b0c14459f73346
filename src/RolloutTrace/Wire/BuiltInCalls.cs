namespace RolloutTrace.Wire;

/// <summary>
/// Items of the Responses API for tools that the provider or the harness has built in. Codex knows a few of them; the others are sound
/// to every other reader.
/// </summary>
internal static class BuiltInCalls
{
    /// <summary>What a type stands for; unknown if it is none of theirs.</summary>
    public static WireItemKind KindOf(string? type) => type switch
    {
        "tool_search_call" or "web_search_call" or "image_generation_call" or "local_shell_call" => WireItemKind.BuiltInCall,
        "mcp_call" or "code_interpreter_call" or "file_search_call" or "computer_call" or "shell_call" or "apply_patch_call" => WireItemKind.BuiltInCall,
        "tool_search_output" or "mcp_tool_call_output" => WireItemKind.BuiltInCallOutput,
        "computer_call_output" or "local_shell_call_output" or "shell_call_output" or "apply_patch_call_output" => WireItemKind.BuiltInCallOutput,
        _ => WireItemKind.Unknown,
    };

    /// <summary>Whether Codex refuses the items of a type that stands for a call or its output.</summary>
    public static bool IsUnknownToCodex(string? type) =>
        type is not ("tool_search_call" or "web_search_call" or "image_generation_call" or "local_shell_call" or "tool_search_output" or "mcp_tool_call_output");

    /// <summary>Whether the program carries out such a call, and not the provider.</summary>
    public static bool IsForProgram(string? type) => type is "local_shell_call" or "tool_search_call" or "computer_call" or "shell_call" or "apply_patch_call";
}
