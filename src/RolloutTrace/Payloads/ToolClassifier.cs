using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>How a tool call is filed by its name: its kind, label and preview.</summary>
internal static class ToolClassifier
{
    /// <summary>Public name of the code-mode tool, whose boundary is the code cell.</summary>
    public const string CodeMode = "exec";

    /// <summary>Longest preview, in Unicode scalar values.</summary>
    private const int PreviewLength = 160;

    private static readonly ToolCallKind ExecCommand = ToolCallKind.Of(ToolCallKindType.ExecCommand);
    private static readonly ToolCallKind WriteStdin = ToolCallKind.Of(ToolCallKindType.WriteStdin);
    private static readonly ToolCallKind ApplyPatch = ToolCallKind.Of(ToolCallKindType.ApplyPatch);
    private static readonly ToolCallKind Web = ToolCallKind.Of(ToolCallKindType.Web);
    private static readonly ToolCallKind ImageGeneration = ToolCallKind.Of(ToolCallKindType.ImageGeneration);
    private static readonly ToolCallKind SpawnAgent = ToolCallKind.Of(ToolCallKindType.SpawnAgent);
    private static readonly ToolCallKind SendMessage = ToolCallKind.Of(ToolCallKindType.SendMessage);
    private static readonly ToolCallKind AssignAgentTask = ToolCallKind.Of(ToolCallKindType.AssignAgentTask);
    private static readonly ToolCallKind WaitAgent = ToolCallKind.Of(ToolCallKindType.WaitAgent);
    private static readonly ToolCallKind CloseAgent = ToolCallKind.Of(ToolCallKindType.CloseAgent);

    public static ToolCallKind Kind(string name) => name switch
    {
        "exec_command" or "local_shell" or "shell" or "shell_command" => ExecCommand,
        "write_stdin" => WriteStdin,
        "apply_patch" => ApplyPatch,
        "web_search" or "web_search_preview" => Web,
        "image_generation" or "image_query" or "imagegen" => ImageGeneration,
        "spawn_agent" => SpawnAgent,
        "send_message" => SendMessage,
        "followup_task" or "assign_task" => AssignAgentTask,
        "wait_agent" => WaitAgent,
        "close_agent" or "interrupt_agent" => CloseAgent,
        _ => ToolCallKind.ForOther(name),
    };

    public static string Label(string name, string? @namespace) => string.IsNullOrEmpty(@namespace) ? name : $"{@namespace}.{name}";

    public static string? Preview(string? input)
    {
        if (input is null || input.Length <= PreviewLength)
        {
            return input;
        }

        var end = 0;
        for (var scalars = 0; scalars < PreviewLength && end < input.Length; scalars++)
        {
            end += char.IsSurrogatePair(input, end) ? 2 : 1;
        }

        return end == input.Length ? input : string.Concat(input.AsSpan(0, end), "...");
    }
}
