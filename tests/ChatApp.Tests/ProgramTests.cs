using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;
using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace ChatApp.Tests;

public sealed partial class ProgramTests : IDisposable
{
    private readonly string directory = MemoryDirectory.CreateSubdirectory("rollout-trace-chat-app-").FullName;

    [Fact]
    public async Task Each_conversation_is_a_rollout_with_all_that_was_said_and_done()
    {
        await RunAsync();

        var rollouts = Rollouts();
        Snapshot.Match(string.Join('\n', rollouts.Select(Story.Of)));
        foreach (var rollout in rollouts)
        {
            rollout.Diagnostics.ShouldBeEmpty();
            RolloutAnomalies.Find(rollout).ShouldBeEmpty();
            rollout.Graph.InferenceCalls.Values.ShouldAllBe(call => call.Usage!.InputTokens > 0 && call.Usage.OutputTokens > 0);
            foreach (var call in rollout.Graph.InferenceCalls.Values)
            {
                var isGuide = call.ThreadId == rollout.Graph.RootThreadId;
                var given = rollout.GivenOf(call).ShouldNotBeNull();
                given.Instructions.ShouldNotBeNull().ShouldStartWith(isGuide ? "You help visitors" : "You are a botanist");
                given.Tools.Select(tool => tool.Name).ShouldBe(isGuide ? ["forecast", "botanist"] : []);
            }
        }
    }

    [Fact]
    public async Task It_tells_what_was_said_and_what_to_ask()
    {
        var output = PrintedCommands.Stable(await RunAsync());

        Snapshot.Match(new StableText().With(directory, "<root>").Of(Port().Replace(output, "<port>")));
    }

    [Fact]
    public async Task What_it_says_to_ask_can_be_asked_as_printed_from_where_the_user_stands()
    {
        var answers = await PrintedCommands.RunAllAsync(await RunAsync(), directory);

        answers.Count.ShouldBe(5);
        answers[0].ShouldContain("2 agents, 3 turns");
        answers[1].ShouldContain("botanist");
        answers[2].ShouldContain("What can I plant this week?");
        answers[2].ShouldContain("The same, and it is two degrees warmer there.");
    }

    [Fact]
    public async Task With_recording_switched_off_the_application_answers_as_ever()
    {
        var output = await RunAsync((RolloutTracingOptions.DisabledVariable, "true"));

        output.ShouldContain("guide   It is too cold for it. Take it inside at night.\n");
        output.ShouldEndWith("\nNothing was recorded: ROLLOUT_TRACE_DISABLED is set.\n");
        Directory.EnumerateFileSystemEntries(directory).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private List<OpenRollout> Rollouts() =>
    [
        .. Directory.EnumerateDirectories(Path.Join(directory, RolloutTracingOptions.DefaultRoot))
            .Select(bundle => OpenRollout.Open(BundleReader.Open(bundle)))
            .OrderByDescending(rollout => rollout.Graph.CodexTurns.Count),
    ];

    private async Task<string> RunAsync(params (string Name, string? Value)[] environment)
    {
        (string Name, string? Value)[] own = [("OPENAI_API_KEY", null), (RolloutTracingOptions.RootVariable, null), .. environment];
        var result = await ShellCommand.RunAsync($"dotnet exec \"{typeof(GardenGuide).Assembly.Location}\"", directory, own);
        result.ExitCode.ShouldBe(0, $"{result.Output}\n{result.Errors}");
        return result.Output;
    }

    [GeneratedRegex("(?<=127\\.0\\.0\\.1:)[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Port();
}
