using System.Text.Json.Nodes;

namespace CodingAgent.Tools;

/// <summary>What a tool gives back.</summary>
/// <param name="Text">For a model.</param>
/// <param name="Value">For code; the text if there is nothing better.</param>
internal sealed record ToolOutput(string Text, JsonNode? Value = null);
