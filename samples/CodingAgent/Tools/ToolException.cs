namespace CodingAgent.Tools;

/// <summary>A tool cannot do what it was asked for; the message is for the model.</summary>
internal sealed class ToolException(string message) : Exception(message);
