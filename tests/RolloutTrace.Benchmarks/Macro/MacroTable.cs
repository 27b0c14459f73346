namespace RolloutTrace.Benchmarks.Macro;

/// <summary>The table as Markdown, so that it can be pasted into the README as it is printed.</summary>
internal static class MacroTable
{
    public static void Print(IReadOnlyList<MacroRow> rows, TextWriter output)
    {
        string[] header = ["measure", "goal", "found", "verdict", "what was measured"];
        var cells = rows.Select(r => new[] { r.Measure, r.Goal, r.Found, Verdict(r), r.Basis }).ToArray();
        var widths = header.Select((h, i) => cells.Select(c => c[i].Length).Append(h.Length).Max()).ToArray();
        Line(header);
        Line([.. widths.Select(w => new string('-', w))]);
        foreach (var row in cells)
        {
            Line(row);
        }

        void Line(string[] texts) => output.WriteLine($"| {string.Join(" | ", texts.Select((t, i) => t.PadRight(widths[i])))} |");
    }

    private static string Verdict(MacroRow row) => row.Reached switch
    {
        true => "pass",
        false => "FALLS SHORT",
        null => "for information",
    };
}
