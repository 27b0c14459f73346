using System.Text;

namespace RolloutTrace.Cli.Tests;

/// <summary>Runs whole command lines in this process, piped and 80 columns wide, a few days after the conformance cases were recorded.</summary>
internal sealed record CommandLine(int ExitCode, string Out, string Error)
{
    public static DateTimeOffset Now { get; } = new(2026, 2, 8, 12, 0, 0, TimeSpan.Zero);

    public static CommandLine Run(params string[] arguments) => Run(Now, arguments);

    public static CommandLine Run(DateTimeOffset now, params string[] arguments)
    {
        var surroundings = new Surroundings();
        surroundings.Clock.SetUtcNow(now);
        return Run(surroundings, arguments);
    }

    public static CommandLine Run(Surroundings surroundings, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exitCode;
        using (var console = new CommandConsole(output, error)
        {
            Time = surroundings.Clock,
            Pause = surroundings.Wait,
            Environment = name => surroundings.Environment.GetValueOrDefault(name),
            Width = surroundings.Width,
            IsErrorTerminal = surroundings.IsErrorTerminal,
        })
        {
            exitCode = RolloutTraceCommand.Run(arguments, console);
        }

        return new CommandLine(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>Exit code and both streams as one text, with a directory's own path left out.</summary>
    public string Describe(TestDirectory? directory = null)
    {
        var text = $"exit code: {ExitCode}\n--- standard output\n{Out}--- standard error\n{Error}";
        return directory is null ? text : text.Replace(directory.Path, "<dir>", StringComparison.Ordinal);
    }
}
