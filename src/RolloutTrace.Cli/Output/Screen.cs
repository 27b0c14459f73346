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
            ? new Lazy<IAnsiConsole>(() => CreateTerminal(console.Out))
            : null;
    }

    /// <summary>Columns of a line.</summary>
    public int Width => console.Width;

    /// <summary>Writes one line, cut to the width.</summary>
    public void Line(params ReadOnlySpan<Segment> segments)
    {
        var left = Width;
        foreach (var segment in segments)
        {
            if (left <= 0 || segment.Text.Length == 0)
            {
                continue;
            }

            var text = TerminalText.Cut(TerminalText.OneLine(segment.Text), left);
            left -= TerminalText.Columns(text);
            Write(text, segment.Emphasis);
        }

        console.Out.Write('\n');
    }

    /// <summary>Writes one line whole, however wide: a path or an id, which would be of no use when cut.</summary>
    public void Uncut(string text, Emphasis emphasis = Emphasis.None)
    {
        Write(TerminalText.OneLine(text), emphasis);
        console.Out.Write('\n');
    }

    /// <summary>Writes text of any length and number of lines, indented. Lines that are too wide are folded, after a space if that is not far back.</summary>
    public void Block(string text, int indent)
    {
        var margin = new string(' ', indent);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var piece in TextFolding.Fold(TerminalText.OneLine(TextFolding.WithoutTabs(line.ToString())), Width - indent))
            {
                console.Out.Write(piece.Length == 0 ? "" : margin);
                console.Out.Write(piece);
                console.Out.Write('\n');
            }
        }
    }

    /// <summary>Writes a sentence over as many lines as it takes, all but the first indented by that much. A word wider than a line is broken.</summary>
    public void Wrapped(string text, int indent, Emphasis emphasis = Emphasis.None)
    {
        var words = TerminalText.OneLine(text).TrimStart(' ');
        var line = text[..(text.Length - words.Length)];
        var columns = line.Length;
        var start = columns;
        foreach (var word in words.Split(' ').SelectMany(word => TerminalText.Pieces(word, Width - indent)))
        {
            var ofWord = TerminalText.Columns(word);
            if (columns > start && columns + 1 + ofWord > Width)
            {
                Line(new Segment(line, emphasis));
                line = new string(' ', indent);
                columns = start = indent;
            }

            var space = columns == start ? "" : " ";
            line += space + word;
            columns += space.Length + ofWord;
        }

        Line(new Segment(line, emphasis));
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

    // Lines have their width by now, and what is not cut must not be broken either: it would no longer be the path that it is.
    private static IAnsiConsole CreateTerminal(TextWriter output)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = int.MaxValue;
        return terminal;
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
