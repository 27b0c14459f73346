using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace QuickStart.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly string directory = MemoryDirectory.CreateSubdirectory("rollout-trace-quick-start-").FullName;

    [Fact]
    public async Task The_program_says_what_it_does_where_the_bundle_is_what_became_of_it_and_what_to_ask()
    {
        var output = await RunAsync((RolloutTracingOptions.RootVariable, directory));

        Snapshot.Match(new StableText().With(directory, "<root>").Of(PrintedCommands.Stable(output)));
    }

    [Fact]
    public async Task What_it_says_to_ask_can_be_asked_as_printed_from_where_the_user_stands()
    {
        var output = await RunAsync();

        var answers = await PrintedCommands.RunAllAsync(output, directory);

        answers.Count.ShouldBe(6);
        answers[0].ShouldContain("4 turns, 13 requests");
        answers[1].ShouldContain("So far: all done.");
        answers[2].ShouldContain("search_docs");
        answers[3].ShouldStartWith("request_failed (1)\n");
        File.ReadAllText(Path.Join(directory, "rollout.html")).ShouldStartWith("<!doctype html>");
        File.Exists(Path.Combine(directory, answers[5].Trim())).ShouldBeTrue(answers[5]);
    }

    [Fact]
    public async Task With_recording_switched_off_the_agent_runs_as_ever()
    {
        var output = await RunAsync((RolloutTracingOptions.DisabledVariable, "true"));

        output.ShouldEndWith("\n\nNothing was recorded: ROLLOUT_TRACE_DISABLED is set.\n");
        Directory.EnumerateFileSystemEntries(directory).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private async Task<string> RunAsync(params (string Name, string? Value)[] environment)
    {
        var result = await ShellCommand.RunAsync($"dotnet exec \"{typeof(ScriptedAgent).Assembly.Location}\"", directory, environment);
        result.ExitCode.ShouldBe(0, result.Errors);
        return result.Output;
    }
}
