namespace RolloutTrace.Payloads;

/// <summary>What the events of a runtime look like, as far as readers take them apart.</summary>
internal enum ToolRuntimeForm
{
    /// <summary>Anything that is not about a terminal.</summary>
    Other,

    /// <summary>A command, whose end has both outputs and an exit code.</summary>
    Command,

    /// <summary>Input to a command, whose end may be any result.</summary>
    Input,
}
