using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Prints an outline, one line a node.</summary>
internal static class OutlinePrinter
{
    private const int Indent = 2;

    public static void Print(IReadOnlyList<OutlineNode> nodes, Screen screen) => Print(nodes, screen, level: 0, errorAbove: null);

    public static Segment Status(string status) => new(status, status switch
    {
        "completed" or "installed" => Emphasis.Good,
        "failed" or "died" or "cut" => Emphasis.Bad,
        "running" or "starting" or "yielded" => Emphasis.Title,
        _ => Emphasis.Warning,
    });

    private static void Print(IReadOnlyList<OutlineNode> nodes, Screen screen, int level, string? errorAbove)
    {
        foreach (var node in nodes)
        {
            Print(node, screen, level);

            // A tool says why its command failed; the command need not say it again.
            if (node.Error is { } error && error != errorAbove)
            {
                screen.Wrapped($"{new string(' ', Indent * level)}! {error}", (Indent * level) + Indent, Emphasis.Bad);
            }

            Print(node.Children, screen, level + 1, node.Error);
        }
    }

    private static void Print(OutlineNode node, Screen screen, int level)
    {
        var kind = node.Kind switch
        {
            OutlineKind.ToolCall => "tool",
            OutlineKind.CodeCell => "cell",
            OutlineKind.TerminalOperation => "terminal",
            OutlineKind.CompactionRequest => "request",
            _ => KindName.Of(node.Kind),
        };
        var usage = node.Usage is null ? "" : $"  {Wording.Tokens(node.Usage)}";
        screen.Line(
            new string(' ', Indent * level),
            new Segment(kind, Emphasis.Faint),
            " ",
            ShortId.Of(node.Id),
            node.Name is null ? "" : new Segment($" {node.Name}", Emphasis.Title),
            node.Status == "completed" ? "" : "  ",
            node.Status == "completed" ? "" : Status(node.Status),
            node.DurationMs is { } ms ? $"  {Wording.Duration(ms)}" : node.IsDurationUnknown ? "  ?" : "",
            usage,
            node.Preview is null ? "" : new Segment($"  {node.Preview}", Emphasis.Faint));
    }
}
