namespace RolloutTrace.Payloads;

/// <summary>The forms in which models call tools.</summary>
internal enum ToolInputType
{
    None,
    Function,
    Custom,
    ToolSearch,
    LocalShell,
}
