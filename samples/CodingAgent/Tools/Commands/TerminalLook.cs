namespace CodingAgent.Tools.Commands;

/// <summary>A look at a command's output.</summary>
/// <param name="Output">What is new.</param>
/// <param name="Answer">What the caller gets.</param>
internal sealed record TerminalLook(string Output, ToolOutput Answer);
