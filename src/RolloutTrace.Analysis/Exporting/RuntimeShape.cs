using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What a runtime's payloads say about the span of its work.</summary>
internal sealed record RuntimeShape
{
    // How the format says that a command has none.
    private const int NoExitCode = -1;

    /// <summary>The file that a command executes; null if it was no command.</summary>
    public string? Executable { get; private init; }

    /// <summary>The command and its arguments; null if it was none.</summary>
    public IReadOnlyList<string>? Command { get; private init; }

    /// <summary>The kind of work that was no command; null if the payload does not tell.</summary>
    public string? Work { get; private init; }

    /// <summary>Whether it is input to a command that runs already.</summary>
    public bool IsInput { get; private init; }

    public string? TerminalId { get; init; }

    public int? ExitCode { get; private init; }

    public static RuntimeShape Of(RuntimeFact fact, PayloadLookup payloads)
    {
        var shape = payloads.Document(fact.Begin, OfBegin) ?? new RuntimeShape();
        var end = payloads.Document(fact.End, OfEnd);
        return end is null ? shape : shape with { TerminalId = shape.TerminalId ?? end.TerminalId, ExitCode = end.ExitCode };
    }

    private static RuntimeShape OfBegin(JsonElement begin)
    {
        var terminalId = JsonText.MemberOrNull(begin, "process_id");
        var command = JsonText.Member(begin, "command");
        if (command.ValueKind == JsonValueKind.Array)
        {
            var path = command.GetArrayLength() > 0 && command[0].ValueKind == JsonValueKind.String ? command[0].GetString()! : null;
            var isInput = path is null && JsonText.MemberOrNull(begin, "interaction_input") is not null;
            return new RuntimeShape
            {
                Executable = isInput ? null : path is null ? "command" : path[(path.LastIndexOfAny(['/', '\\']) + 1)..],
                Command = isInput ? null : [.. command.EnumerateArray().Select(static word => JsonText.Read(word, out _) ?? "")],
                Work = isInput ? "write_stdin" : null,
                IsInput = isInput,
                TerminalId = terminalId,
            };
        }

        return new RuntimeShape
        {
            Work = IsPatch(begin) ? "apply_patch"
                : JsonText.Member(begin, "invocation").ValueKind == JsonValueKind.Object ? "mcp"
                : JsonText.MemberOrNull(begin, "kind"),
            TerminalId = terminalId,
        };
    }

    // What changes should be an object; where it is none, nothing else says of itself who approved it.
    private static bool IsPatch(JsonElement begin) => JsonText.Member(begin, "changes").ValueKind switch
    {
        JsonValueKind.Object => true,
        JsonValueKind.Undefined => false,
        _ => JsonText.Member(begin, "auto_approved").ValueKind is JsonValueKind.True or JsonValueKind.False,
    };

    private static RuntimeShape OfEnd(JsonElement end) => new()
    {
        TerminalId = JsonText.MemberOrNull(end, "process_id"),
        ExitCode = JsonText.Member(end, "exit_code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) && number != NoExitCode ? number : null,
    };
}
