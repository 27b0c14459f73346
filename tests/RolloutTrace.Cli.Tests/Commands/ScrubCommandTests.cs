using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests;

public sealed class ScrubCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    private string Output => directory.Place("shared");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("scrub", "--help").Describe());

    [Fact]
    public void ABundle_TheCopyIsPrivateAndHasItsFilesByTheirNames()
    {
        var bundle = directory.Copy("mixed-1001");

        CommandLine.Run("scrub", bundle, "-o", Output).ShouldBe(new CommandLine(ExitCodes.Success, Output + "\n", ""));

        Files(Output).ShouldBe(Files(bundle));
        File.ReadAllText(Path.Join(Output, "manifest.json")).ShouldContain(Path.GetFileName(RolloutReducer.Reduce(bundle).Graph.TraceId));
        CommandLine.Run("validate", Output).ExitCode.ShouldBe(ExitCodes.Success);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            foreach (var file in Directory.GetFiles(Output, "*", SearchOption.AllDirectories))
            {
                File.GetUnixFileMode(file).ShouldBe(Private, file);
            }

            foreach (var entry in Directory.GetDirectories(Output).Append(Output))
            {
                File.GetUnixFileMode(entry).ShouldBe(Private | UnixFileMode.UserExecute, entry);
            }
        }
    }

    [Fact]
    public void TwoRuns_DifferUnlessTheyHaveOneKey()
    {
        var bundle = directory.Copy("cell-wait");

        var payloads = new[] { "a", "b" }.Select(name => Scrubbed(bundle, name)).ToArray();
        var withKey = new[] { "c", "d" }.Select(name => Scrubbed(bundle, name, "--key", "secret")).ToArray();

        payloads[0].ShouldNotBe(payloads[1]);
        withKey[0].ShouldBe(withKey[1]);
        withKey[0].ShouldNotBe(payloads[0]);
    }

    [Fact]
    public void ADirectoryOfBundles_HasACopyOfEachByItsIds_AndOneThatCannotBeReadDoesNotStopTheOthers()
    {
        directory.Copy("cell-wait", "all/acme-secret/1");
        directory.Copy("cell-wait", "all/2");
        directory.Copy("torn-last-line-refused", "all/3");
        File.WriteAllText(Path.Join(directory.Copy("cell-wait", "all/4"), "manifest.json"), "{}");

        var run = CommandLine.Run("scrub", directory.Place("all"), "-o", Output, "--format", "json");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        Snapshot.Match(run.Describe(directory));
        Directory.GetDirectories(Output).Length.ShouldBe(3);
        Directory.GetFileSystemEntries(Output, "*", SearchOption.AllDirectories).ShouldAllBe(entry => !entry.Contains("acme"));
    }

    [Fact]
    public void Keep_LeavesWhatItNames()
    {
        var bundle = directory.Copy("mixed-1001");

        CommandLine.Run("scrub", bundle, "-o", Output, "--keep", "cwd", "--keep", "arguments.cmd").ExitCode.ShouldBe(ExitCodes.Success);

        var operations = Analysis.OpenRollout.Open(RolloutTrace.Bundle.BundleReader.Open(Output)).Graph.TerminalOperations.Values.Select(operation => operation.Request).OfType<ExecCommandRequest>().ToArray();
        var originals = Analysis.OpenRollout.Open(RolloutTrace.Bundle.BundleReader.Open(bundle)).Graph.TerminalOperations.Values.Select(operation => operation.Request).OfType<ExecCommandRequest>().ToArray();
        operations.Select(request => request.Cwd).ShouldBe(originals.Select(request => request.Cwd));
        operations.Select(request => request.DisplayCommand).Intersect(originals.Select(request => request.DisplayCommand)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("full")]
    [InlineData("bundle")]
    [InlineData("bundle/inside")]
    public void WhereItCannotWrite_ItSaysSoAndTouchesNothing(string target)
    {
        directory.Copy("cell-wait", "bundle");
        File.WriteAllText(directory.Place("file"), "kept");
        Directory.CreateDirectory(directory.Place("full/kept"));
        var before = Files(directory.Path);

        var run = CommandLine.Run("scrub", directory.Place("bundle"), "-o", directory.Place(target));

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldStartWith($"error: {directory.Place(target)}: ");
        Files(directory.Path).ShouldBe(before);
    }

    [Fact]
    public void ABundleThatCannotBeRead_LeavesNothing()
    {
        var bundle = directory.Copy("cell-wait", "bundle");
        File.Delete(Path.Join(bundle, "trace.jsonl"));
        var before = Files(directory.Path);

        CommandLine.Run("scrub", bundle, "-o", Output).ExitCode.ShouldBe(ExitCodes.Failure);

        Files(directory.Path).ShouldBe(before);
    }

    [Fact]
    public void AnEmptyDirectory_IsReplaced()
    {
        Directory.CreateDirectory(Output);

        CommandLine.Run("scrub", TestDirectory.CaseBundle("cell-wait"), "-o", Output).ExitCode.ShouldBe(ExitCodes.Success);

        JsonNode.Parse(File.ReadAllText(Path.Join(Output, "manifest.json"))).ShouldNotBeNull();
    }

    private string Scrubbed(string bundle, string name, params string[] options)
    {
        CommandLine.Run(["scrub", bundle, "-o", directory.Place(name), .. options]).ExitCode.ShouldBe(ExitCodes.Success);
        return string.Join('\n', Directory.GetFiles(directory.Place(name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    private static string[] Files(string root) =>
        [.. Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(root, entry)).Order(StringComparer.Ordinal)];
}
