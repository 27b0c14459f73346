namespace RolloutTrace.Bundle;

/// <summary>The kinds of tool that the format tells apart.</summary>
public enum ToolCallKindType
{
    /// <summary>Runs a command in a terminal.</summary>
    ExecCommand,

    /// <summary>Writes to a running command's standard input.</summary>
    WriteStdin,

    /// <summary>Changes files by a patch.</summary>
    ApplyPatch,

    /// <summary>Searches or reads the web.</summary>
    Web,

    /// <summary>Makes or queries images.</summary>
    ImageGeneration,

    /// <summary>Starts a child agent.</summary>
    SpawnAgent,

    /// <summary>Gives an agent a further task.</summary>
    AssignAgentTask,

    /// <summary>Sends an agent a message.</summary>
    SendMessage,

    /// <summary>Waits for agents.</summary>
    WaitAgent,

    /// <summary>Interrupts or closes an agent.</summary>
    CloseAgent,

    /// <summary>A tool of an MCP server; server and tool are named.</summary>
    Mcp,

    /// <summary>Any other tool; its name is given.</summary>
    Other,
}
