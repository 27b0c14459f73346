using Spectre.Console;

namespace RolloutTrace.Cli;

/// <summary>
/// Text for people, line by line. On a terminal some of it is coloured; piped it is plain. Lines that would be wider
/// than the terminal, or than 80 columns where there is none, are cut.
/// </summary>
internal sealed class Screen
{
    private readonly CommandConsole console;
    private readonly Lazy<IAnsiConsole>? terminal;

    public Screen(CommandConsole console)
    {
        this.console = console;
        terminal = console.IsOutputTerminal
            ? new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out) }))
            : null;
    }

    /// <summary>Columns of a line.</summary>
    public int Width => console.Width;

    /// <summary>Writes one line, cut to the width. Control characters in it are shown as spaces.</summary>
    public void Line(params ReadOnlySpan<Segment> segments)
    {
        var left = Width;
        foreach (var segment in segments)
        {
            if (left <= 0 || segment.Text.Length == 0)
            {
                continue;
            }

            var text = OneLine(segment.Text, left);
            left -= text.Length;
            Write(text, segment.Emphasis);
        }

        console.Out.Write('\n');
    }

    /// <summary>Writes one line whole, however wide: a path or an id, which would be of no use when cut.</summary>
    public void Uncut(string text, Emphasis emphasis = Emphasis.None)
    {
        Write(OneLine(text, int.MaxValue), emphasis);
        console.Out.Write('\n');
    }

    /// <summary>Writes text of any length and number of lines, indented, as it is except for control characters.</summary>
    public void Block(string text, int indent)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            console.Out.Write(new string(' ', indent));
            foreach (var c in line)
            {
                console.Out.Write(char.IsControl(c) && c != '\t' ? '�' : c);
            }

            console.Out.Write('\n');
        }
    }

    /// <summary>Writes a sentence over as many lines as it takes, all but the first indented by that much. A word wider than a line is broken.</summary>
    public void Wrapped(string text, int indent, Emphasis emphasis = Emphasis.None)
    {
        var words = text.TrimStart(' ');
        var line = text[..^words.Length];
        var start = line.Length;
        foreach (var word in words.Split(' ').SelectMany(word => Pieces(word, Width - indent)))
        {
            if (line.Length > start && line.Length + 1 + word.Length > Width)
            {
                Line(new Segment(line, emphasis));
                line = new string(' ', indent);
                start = indent;
            }

            line = line.Length == start ? line + word : $"{line} {word}";
        }

        Line(new Segment(line, emphasis));
    }

    private static IEnumerable<string> Pieces(string word, int width) =>
        word.Length <= width ? [word] : word.Chunk(width).Select(static piece => new string(piece));

    private static string OneLine(string text, int width)
    {
        var cut = text.Length > width ? ItemTextCut(text, width) : text;
        return cut.AsSpan().ContainsAnyInRange('\0', '\x1f') || cut.Contains('\x7f') || cut.AsSpan().ContainsAnyInRange('\x80', '\x9f')
            ? string.Create(cut.Length, cut, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) ? ' ' : source[i];
                }
            })
            : cut;
    }

    private static string ItemTextCut(string text, int width)
    {
        var length = width - 1;
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        return string.Concat(text.AsSpan(0, length), "…");
    }

    private void Write(string text, Emphasis emphasis)
    {
        if (terminal is null || emphasis == Emphasis.None)
        {
            console.Out.Write(text);
            return;
        }

        WriteStyled(text, emphasis);
    }

    // A method of its own, so that Spectre.Console is loaded only where there is a terminal.
    private void WriteStyled(string text, Emphasis emphasis) => terminal!.Value.Write(new Text(text, emphasis switch
    {
        Emphasis.Title => new Style(decoration: Decoration.Bold),
        Emphasis.Faint => new Style(Color.Grey),
        Emphasis.Good => new Style(Color.Green),
        Emphasis.Warning => new Style(Color.Yellow),
        _ => new Style(Color.Red),
    }));
}

/// <summary>A piece of a line.</summary>
internal readonly record struct Segment(string Text, Emphasis Emphasis = Emphasis.None)
{
    public static implicit operator Segment(string text) => new(text);
}

/// <summary>Why a piece of text stands out on a terminal.</summary>
internal enum Emphasis
{
    None,
    Title,
    Faint,
    Good,
    Warning,
    Bad,
}
