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

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    [InlineData("transcript")]
    [InlineData("validate")]
    [InlineData("explain", "i1")]
    [InlineData("export", "otlp-json", "-o", "-")]
    [InlineData("reduce", "-o", "-")]
    public void ABundle_IsTakenByItsManifestOrItsLog(string command, params string[] options)
    {
        var bundle = FieldCase.Bundle("tokens-of-compaction/bundle");
        var words = command == "export" ? new[] { command, options[0] } : [command];
        var rest = command == "export" ? options[1..] : options;
        var byDirectory = CommandLine.Run([.. words, bundle, .. rest]);

        CommandLine.Run([.. words, Path.Join(bundle, "manifest.json"), .. rest]).ShouldBe(byDirectory);
        CommandLine.Run([.. words, Path.Join(bundle, "trace.jsonl"), .. rest]).ShouldBe(byDirectory);
        byDirectory.ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public void ABundle_NamedTwice_ByItsDirectoryAndItsLog_IsOne()
    {
        var bundle = FieldCase.Bundle("tokens-of-compaction/bundle");

        CommandLine.Run("list", bundle, Path.Join(bundle, "trace.jsonl")).ShouldBe(CommandLine.Run("list", bundle));
    }

    [Fact]
    public void AnotherFileOfABundle_IsNone() =>
        CommandLine.Run("inspect", Path.Join(FieldCase.Bundle("tokens-of-compaction/bundle"), "payloads", "1.json")).ExitCode.ShouldBe(ExitCodes.Failure);
}
