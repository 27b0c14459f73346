using System.Text;

namespace RolloutTrace.Cli;

/// <summary>
/// What a command reads and writes: answers go to standard output, everything for people about the run to
/// standard error. Commands use nothing else of the process, so that whole command lines run in tests.
/// </summary>
internal sealed class CommandConsole : IDisposable
{
    /// <summary>The width that output fits when nobody says how wide the terminal is.</summary>
    public const int DefaultWidth = 80;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public CommandConsole(Stream output, Stream error)
    {
        Output = output;
        Out = new StreamWriter(output, Utf8, bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };
        Error = new StreamWriter(error, Utf8, bufferSize: 1 << 10, leaveOpen: true) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>Standard output as bytes. Flush <see cref="Out"/> before writing to it.</summary>
    public Stream Output { get; }

    /// <summary>Standard output as text.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error as text, written through at once.</summary>
    public TextWriter Error { get; }

    /// <summary>A person sees standard output directly.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>A person sees standard error directly.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns that text may take.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>The clock of the run: it paces progress bars, and tells how long a rollout without an end has been silent.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The console of this process.</summary>
    public static CommandConsole ForProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Utf8;
        }

        var isOutputTerminal = !Console.IsOutputRedirected;
        return new CommandConsole(Console.OpenStandardOutput(), Console.OpenStandardError())
        {
            IsOutputTerminal = isOutputTerminal,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Width = isOutputTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth,
        };
    }

    public void Dispose()
    {
        Out.Dispose();
        Error.Dispose();
    }
}
