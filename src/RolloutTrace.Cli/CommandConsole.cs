using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>
/// What a command reads and writes: answers go to standard output, everything for people about the run to
/// standard error. Commands use nothing else of the process, so that whole command lines run in tests.
/// </summary>
internal sealed class CommandConsole : IDisposable
{
    /// <summary>The width that output fits when nobody says how wide the terminal is.</summary>
    public const int DefaultWidth = 80;

    private const int MinWidth = 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly GrowingFileStream output;

    public CommandConsole(Stream output, Stream error)
    {
        this.output = new GrowingFileStream(output);
        Out = new StreamWriter(this.output, Utf8, bufferSize: 1 << 14, leaveOpen: true) { NewLine = "\n" };
        ErrorTerminal = new StreamWriter(error, Utf8, bufferSize: 1 << 10, leaveOpen: true) { NewLine = "\n", AutoFlush = true };
        Error = new MessageWriter(ErrorTerminal);
    }

    /// <summary>Standard output as bytes. Flush <see cref="Out"/> before writing to it.</summary>
    public Stream Output => output;

    /// <summary>Why standard output could not be written; null as long as it could.</summary>
    public IOException? OutputFailure => output.Failure;

    /// <summary>Standard output as text.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error as text of any number of lines, written through at once. What a terminal would obey in it is not passed on.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard error for what moves the cursor.</summary>
    public TextWriter ErrorTerminal { get; }

    /// <summary>A person sees standard output directly.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>A person sees standard error directly.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns that text may take.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>The clock of the run: it paces progress bars, and tells how long a rollout without an end has been silent.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Lets time pass, by that clock.</summary>
    public Action<TimeSpan> Pause { get; init; } = Thread.Sleep;

    /// <summary>The environment's variables; null for one that is not set.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The bundles that paths of the command line mean.</summary>
    public IReadOnlyList<FoundBundle> FindBundles(IReadOnlyList<string> paths) => new BundleFinder(new RolloutRoot(Environment), () => Stores).Find(paths);

    /// <summary>What stores elsewhere have.</summary>
    public StoredBundles Stores => field ??= new StoredBundles();

    /// <summary>Tells people something on standard error, on a line of its own, whatever is in it.</summary>
    public void Tell(string message) => ErrorTerminal.WriteLine(TerminalText.OneLine(message));

    /// <summary>Tells people that what a command says of a bundle is not from all of it.</summary>
    public void TellOfDefects(string bundle, long count) =>
        Tell($"{bundle}: {Wording.Of(count, "defect")}; this is from what is sound ('rollout-trace validate' lists them)");

    /// <summary>Tells people that what a command says of a rollout is not from all of it. Where nothing was lost it says nothing.</summary>
    public void TellOfDefects(string bundle, OpenRollout rollout)
    {
        if (LossesOf(rollout) is > 0 and var count)
        {
            Out.Flush();
            TellOfDefects(bundle, count);
        }
    }

    /// <summary>How many defects cost something of the bundle; the others only say what strict reduction would have refused.</summary>
    public static int LossesOf(OpenRollout rollout) => CountOf(rollout.Diagnostics.Where(static diagnostic => diagnostic.Severity > DiagnosticSeverity.Information));

    /// <summary>How many defects are told, with those that are told together.</summary>
    public static int CountOf(IEnumerable<ReductionDiagnostic> diagnostics) => (int)Math.Min(int.MaxValue, diagnostics.Sum(static diagnostic => diagnostic.Count ?? 1));

    /// <summary>Writes a line to standard output for people to read, whatever is in it.</summary>
    public void WriteLine(string line)
    {
        Out.WriteLine(TerminalText.OneLine(line));
        Out.Flush();
    }

    /// <summary>
    /// Writes a path to standard output, a line of its own, for whoever takes it from there: as it is, except where a person sees it
    /// directly.
    /// </summary>
    public void WritePath(string path)
    {
        Out.WriteLine(IsOutputTerminal ? TerminalText.OneLine(path) : path);
        Out.Flush();
    }

    /// <summary>The console of this process.</summary>
    public static CommandConsole ForProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Utf8;
        }

        var isOutputTerminal = !Console.IsOutputRedirected;
        return new CommandConsole(OpenStandardOutput(isOutputTerminal), new HeardOrNot(Console.OpenStandardError()))
        {
            IsOutputTerminal = isOutputTerminal,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Width = WantedWidth ?? (isOutputTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth),
        };
    }

    // The library's own goes on writing to a pipe that nobody reads any more, and so the work would go on for nobody. Of a file only that one
    // knows where others have written meanwhile.
    private static Stream OpenStandardOutput(bool isTerminal)
    {
        if (OperatingSystem.IsWindows() || isTerminal)
        {
            return Console.OpenStandardOutput();
        }

        var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    // What shells and pagers go by too. A width in which no word has room is not meant.
    private static int? WantedWidth =>
        int.TryParse(System.Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns >= MinWidth ? columns : null;

    public void Dispose()
    {
        // What is left after a failure would only fail again.
        if (OutputFailure is null)
        {
            Out.Dispose();
        }

        Error.Dispose();
        ErrorTerminal.Dispose();
    }
}
