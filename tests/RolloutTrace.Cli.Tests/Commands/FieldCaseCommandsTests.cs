using System.Text;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>What the commands say of bundles as the field writes them, whole: nothing that can be read is missing, nothing false is found.</summary>
public sealed class FieldCaseCommandsTests
{
    public static TheoryData<string> Names => [.. FieldCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Says(string name)
    {
        var said = new StringBuilder();
        foreach (var command in new[] { "list", "inspect", "anomalies", "transcript" })
        {
            said.Append("==== ").Append(command).Append('\n').Append(CommandLine.Run(command, FieldCase.Bundle(name)).Describe()).Append('\n');
        }

        Snapshot.Match(said.ToString().Replace(FieldCase.Root, "…", StringComparison.Ordinal), part: name.Replace('/', '.'));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("list", "--format", "json")]
    [InlineData("inspect")]
    [InlineData("inspect", "--slowest", "5")]
    [InlineData("inspect", "--format", "json")]
    [InlineData("explain", "i1")]
    public void ClockJumpsBack_NoDurationIsNegative(string command, params string[] options)
    {
        var run = CommandLine.Run([command, FieldCase.Bundle("clock-jumps-back/bundle"), .. options]);

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Out.Replace(FieldCase.Root, "", StringComparison.Ordinal).ShouldNotMatch("[ :(]-[0-9]");
    }
}
