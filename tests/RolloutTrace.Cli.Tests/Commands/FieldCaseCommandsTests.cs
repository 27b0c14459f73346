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
}
