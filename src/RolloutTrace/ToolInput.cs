using System.Text.Json.Serialization;
using RolloutTrace.Payloads;

namespace RolloutTrace;

/// <summary>What a tool was called with, in one of the four forms in which models call tools.</summary>
[JsonConverter(typeof(ToolInputConverter))]
public readonly struct ToolInput
{
    /// <summary>Whether there is no input.</summary>
    public bool IsEmpty => Type == ToolInputType.None;

    internal ToolInputType Type { get; private init; }

    internal JsonPayload Json { get; private init; }

    internal IReadOnlyList<string>? Command { get; private init; }

    internal string? WorkingDirectory { get; private init; }

    internal TimeSpan? Timeout { get; private init; }

    /// <summary>The input as text; null until <see cref="WithText"/>, and where it cannot be serialised or is too long to make.</summary>
    internal string? Text { get; private init; }

    /// <summary>The text, or its beginning where it is too long to make.</summary>
    internal string? Head { get; private init; }

    /// <summary>Arguments of a function: JSON, or a JSON string value that holds the JSON text, as models give it.</summary>
    public static ToolInput Function(in JsonPayload arguments) => new() { Type = ToolInputType.Function, Json = arguments };

    /// <summary>Free text, for a custom tool.</summary>
    public static ToolInput Custom(string input) => new() { Type = ToolInputType.Custom, Text = input ?? string.Empty };

    /// <summary>A search for tools.</summary>
    public static ToolInput ToolSearch(in JsonPayload arguments) => new() { Type = ToolInputType.ToolSearch, Json = arguments };

    /// <summary>A command for the provider's local shell tool.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="workingDirectory">Where to run it.</param>
    /// <param name="timeout">How long it may run.</param>
    public static ToolInput LocalShell(IReadOnlyList<string> command, string? workingDirectory = null, TimeSpan? timeout = null) =>
        new() { Type = ToolInputType.LocalShell, Command = command ?? [], WorkingDirectory = workingDirectory, Timeout = timeout };

    /// <summary>The input with its text, which is made only when somebody listens.</summary>
    internal ToolInput WithText()
    {
        switch (Type)
        {
            case ToolInputType.Function or ToolInputType.ToolSearch:
                var text = PayloadPeek.Text(Json, out var head);
                return this with { Text = text, Head = head };
            case ToolInputType.LocalShell:
                var line = CommandLine.Of(Command!);
                return this with { Text = line, Head = line };
            default:
                return this with { Head = Text };
        }
    }
}
