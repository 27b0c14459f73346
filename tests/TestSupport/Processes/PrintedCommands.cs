using System.Text.RegularExpressions;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>The commands that a sample ends with.</summary>
public static partial class PrintedCommands
{
    /// <summary>The commands that an output shows, each a line.</summary>
    public static IReadOnlyList<string> In(string output) => [.. output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("dotnet run ", StringComparison.Ordinal))];

    /// <summary>The output with a name for where the command line's project is, which depends on where the reader stands.</summary>
    public static string Stable(string output) => Project().Replace(output, "<command line>");

    /// <summary>Runs each as it is printed, from where its reader stands. Each succeeds and has an answer; findings are an answer as well.</summary>
    /// <returns>The answers, in order.</returns>
    public static async Task<IReadOnlyList<string>> RunAllAsync(string output, string directory, params IReadOnlyList<(string Name, string? Value)> environment)
    {
        List<string> answers = [];
        foreach (var command in In(output))
        {
            var result = await ShellCommand.RunAsync(command, directory, environment);
            result.ExitCode.ShouldBe(command.Contains(" -- anomalies ", StringComparison.Ordinal) ? 1 : 0, $"{command}\n{result.Output}\n{result.Errors}");
            result.Output.Trim().ShouldNotBeEmpty(command);
            answers.Add(result.Output);
        }

        return answers;
    }

    [GeneratedRegex("(?<=dotnet run --no-build )(-c \\w+ )?--project \\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Project();
}
