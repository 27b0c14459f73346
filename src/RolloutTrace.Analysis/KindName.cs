namespace RolloutTrace.Analysis;

/// <summary>The names that kinds of things have in answers.</summary>
public static class KindName
{
    /// <summary>The name of a value of <see cref="OutlineKind"/>, such as <c>tool_call</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(OutlineKind value) => value switch
    {
        OutlineKind.Session => "session",
        OutlineKind.Turn => "turn",
        OutlineKind.Request => "request",
        OutlineKind.ToolCall => "tool_call",
        OutlineKind.CodeCell => "code_cell",
        OutlineKind.TerminalOperation => "terminal_operation",
        OutlineKind.Compaction => "compaction",
        OutlineKind.CompactionRequest => "compaction_request",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such kind"),
    };
}
