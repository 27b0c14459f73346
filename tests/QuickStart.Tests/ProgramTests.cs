using System.Diagnostics;
using RolloutTrace.Recorder;
using RolloutTrace.TestSupport;

namespace QuickStart.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly string directory = MemoryDirectory.CreateSubdirectory("rollout-trace-quick-start-").FullName;

    [Fact]
    public async Task The_program_says_where_the_bundle_is_and_what_became_of_the_rollout()
    {
        var output = await RunAsync(RolloutTracingOptions.RootVariable, directory);

        Snapshot.Match(new StableText().With(directory, "<root>").Of(output));
    }

    [Fact]
    public async Task With_recording_switched_off_the_agent_runs_as_ever()
    {
        var output = await RunAsync(RolloutTracingOptions.DisabledVariable, "true");

        output.ShouldBe("Nothing was recorded: ROLLOUT_TRACE_DISABLED is set.\n");
        Directory.EnumerateFileSystemEntries(directory).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private async Task<string> RunAsync(string variable, string value)
    {
        var program = typeof(ScriptedAgent).Assembly.Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
            Environment = { [variable] = value },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return output.ReplaceLineEndings("\n");
    }
}
