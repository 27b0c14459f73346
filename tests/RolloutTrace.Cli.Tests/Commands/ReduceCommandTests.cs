using System.Text.Json.Nodes;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

public sealed class ReduceCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("reduce", "--help").Describe());

    [Fact]
    public void Reduce_SoundBundle_WritesStateIntoItAndPrintsThePath()
    {
        var bundle = directory.Copy("cell-wait");

        var run = CommandLine.Run("reduce", bundle);

        run.ShouldBe(new CommandLine(ExitCodes.Success, Path.Join(bundle, "state.json") + "\n", ""));
        StateOf(bundle).ShouldBeEquivalentToJson(TestDirectory.Expected("cell-wait", "expected.json")!);
    }

    [Fact]
    public void Summary_is_a_line_to_read_and_has_no_escape_character_whatever_a_directory_is_called()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var run = CommandLine.Run("reduce", directory.Copy("cell-wait", "a\u001b[31mb"), "--summary");

        run.Out.ShouldNotContain('\u001b');
        run.Out.ShouldContain("1 agent");
    }

    [Fact]
    public void Summary_SaysHowMuchEachHoldsAndWritesNothing()
    {
        var sound = directory.Copy("cell-wait", "1-sound");
        var defective = directory.Copy("unknown-event-refused", "2-defective");
        var before = Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories);

        var run = CommandLine.Run("reduce", directory.Path, "--summary");

        run.ExitCode.ShouldBe(ExitCodes.Findings);
        run.Out.ShouldBe($"""
            {sound}: 1 agent, 1 turn, 2 requests, 4 tool calls, 2 code cells, 0 compactions, 2 items, 0 edges
            {defective}: 1 agent, 1 turn, 0 requests, 0 tool calls, 0 code cells, 0 compactions, 0 items, 0 edges

            """);
        run.Error.ShouldContain(Path.Join(defective, "trace.jsonl"));
        Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories).ShouldBe(before, ignoreOrder: true);
        CommandLine.Run("reduce", sound, "--summary", "--output", "x").ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public void Summary_AsJson_HasTheCountsAndNoState()
    {
        var bundle = directory.Copy("cell-wait");

        var entry = JsonNode.Parse(CommandLine.Run("reduce", bundle, "--summary", "--format", "json").Out)!["bundles"]![0]!;

        entry["state"].ShouldBeNull();
        entry["counts"]!["tool_calls"]!.GetValue<int>().ShouldBe(4);
        File.Exists(Path.Join(bundle, "state.json")).ShouldBeFalse();
    }

    [Fact]
    public void Reduce_DirectoryOfAllConformanceCases_WritesEveryExpectedState()
    {
        foreach (var name in TestDirectory.CaseNames)
        {
            directory.Copy(name, Path.Join("nested", name));
        }

        var run = CommandLine.Run("reduce", directory.Path);

        run.ExitCode.ShouldBe(ExitCodes.Findings);
        var nested = directory.Place("nested");
        run.Out.ShouldBe(string.Concat(TestDirectory.CaseNames.Select(name => Path.Join(nested, name, "state.json") + "\n")));
        foreach (var name in TestDirectory.CaseNames)
        {
            // A refusal has its words in a tolerant reduction.
            if (name != "content-forms" && TestDirectory.Expected(name, "expected.json") is { } expected)
            {
                WithoutOurs(StateOf(Path.Join(nested, name))).ShouldBeEquivalentToJson(expected, name);
            }
        }
    }

    [Fact]
    public void Reduce_SomeBundlesFail_OthersAreReducedAndEachFailureIsSaid()
    {
        directory.Copy("cell-wait", "1-sound");
        directory.Copy("unknown-event-refused", "2-defective");
        directory.Copy("cell-wait", "3-no-manifest");
        File.Delete(directory.Place("3-no-manifest/manifest.json"));
        directory.Copy("cell-wait", "4-manifest-broken");
        File.WriteAllText(directory.Place("4-manifest-broken/manifest.json"), "{");
        Directory.CreateDirectory(directory.Place("5-empty"));
        directory.Copy("close-edges", "6-sound");

        var run = CommandLine.Run(
            ["reduce", "--jobs", "3", .. Enumerable.Range(1, 6).Select(n => Directory.GetDirectories(directory.Path, $"{n}-*")[0]), directory.Place("7-absent")]);

        Snapshot.Match(run.Describe(directory));
        File.Exists(directory.Place("6-sound/state.json")).ShouldBeTrue();
    }

    [Fact]
    public void Reduce_StrictAndDefective_FailsWithFileLineAndIdAndWritesNothing()
    {
        var bundle = directory.Copy("mcp-twice-refused");

        var run = CommandLine.Run("reduce", "--strict", bundle);

        run.ShouldBe(new CommandLine(
            ExitCodes.Failure,
            "",
            $"error: {bundle}/trace.jsonl, line 5, seq 5: tool call t1 has the MCP correlation a already\n"));
        Directory.GetFiles(bundle).Select(Path.GetFileName).ShouldBe(["manifest.json", "trace.jsonl"], ignoreOrder: true);
    }

    [Fact]
    public void Reduce_StrictAndSound_GivesTheSameFileAsTolerant()
    {
        var bundle = directory.Copy("mixed-1003");
        CommandLine.Run("reduce", bundle).ExitCode.ShouldBe(ExitCodes.Success);
        var tolerant = StateOf(bundle);

        CommandLine.Run("reduce", "--strict", bundle).ExitCode.ShouldBe(ExitCodes.Success);

        StateOf(bundle).ShouldBe(tolerant);
    }

    [Fact]
    public void Reduce_ManyDiagnostics_FirstTwentyAreShownAndTheStateHasAll()
    {
        var bundle = directory.Copy("cell-wait");
        File.AppendAllLines(Path.Join(bundle, "trace.jsonl"), Enumerable.Repeat("not an event", 25));

        var run = CommandLine.Run("reduce", bundle);

        run.ExitCode.ShouldBe(ExitCodes.Findings);
        run.Error.Split('\n').Length.ShouldBe(20 + 1 + 1);
        run.Error.ShouldEndWith($"{bundle}/trace.jsonl: 5 more; all are in the state's \"diagnostics\"\n");
        JsonNode.Parse(StateOf(bundle))!["diagnostics"]!.AsArray().Count.ShouldBe(25);
    }

    [Fact]
    public void Reduce_OutputFile_WritesThereForTheOwnerOnlyAndLeavesNothingBesideIt()
    {
        var bundle = directory.Copy("cell-wait");
        var target = directory.Place("out.json");
        File.WriteAllText(target, "what was there before");

        var run = CommandLine.Run("reduce", bundle, "--output", target);

        run.ShouldBe(new CommandLine(ExitCodes.Success, target + "\n", ""));
        File.ReadAllText(target).ShouldBeEquivalentToJson(TestDirectory.Expected("cell-wait", "expected.json")!);
        Directory.GetFileSystemEntries(directory.Path).ShouldBe([bundle, target], ignoreOrder: true);
        File.Exists(Path.Join(bundle, "state.json")).ShouldBeFalse();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void Reduce_OutputIsAFileInMemory_WritesItAsAnyOther()
    {
        var memory = MemoryDirectory.CreateSubdirectory("rollout-trace-cli-");
        try
        {
            var target = Path.Join(memory.FullName, "out.json");

            CommandLine.Run("reduce", TestDirectory.CaseBundle("cell-wait"), "-o", target).ShouldBe(new CommandLine(ExitCodes.Success, target + "\n", ""));
            CommandLine.Run("reduce", TestDirectory.CaseBundle("cell-wait"), "-o", target).ShouldBe(new CommandLine(ExitCodes.Success, target + "\n", ""));

            File.ReadAllText(target).ShouldBeEquivalentToJson(TestDirectory.Expected("cell-wait", "expected.json")!);
        }
        finally
        {
            memory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Reduce_OutputIsALink_WritesToWhatItPointsTo()
    {
        var bundle = directory.Copy("cell-wait");
        var target = directory.Place("real.json");
        File.WriteAllText(target, "");
        var link = directory.Place("link.json");
        File.CreateSymbolicLink(link, target);

        CommandLine.Run("reduce", bundle, "-o", link).ExitCode.ShouldBe(ExitCodes.Success);

        File.ResolveLinkTarget(link, returnFinalTarget: false)!.FullName.ShouldBe(target);
        File.ReadAllText(target).ShouldBeEquivalentToJson(TestDirectory.Expected("cell-wait", "expected.json")!);
    }

    [Fact]
    public void Reduce_StateFileOfTheBundleIsALink_ReplacesTheLinkAndNotWhatItPointsTo()
    {
        var bundle = directory.Copy("cell-wait");
        var elsewhere = directory.Place("precious.txt");
        File.WriteAllText(elsewhere, "precious");
        File.CreateSymbolicLink(Path.Join(bundle, "state.json"), elsewhere);

        CommandLine.Run("reduce", bundle).ExitCode.ShouldBe(ExitCodes.Success);

        File.ReadAllText(elsewhere).ShouldBe("precious");
        new FileInfo(Path.Join(bundle, "state.json")).LinkTarget.ShouldBeNull();
    }

    [Fact]
    public void Reduce_OutputToStandardOutput_IsTheStateAndNothingElse()
    {
        var bundle = directory.Copy("cell-wait");

        var run = CommandLine.Run("reduce", bundle, "--output", "-");

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Error.ShouldBeEmpty();
        run.Out.ShouldBeEquivalentToJson(TestDirectory.Expected("cell-wait", "expected.json")!);
        File.Exists(Path.Join(bundle, "state.json")).ShouldBeFalse();
    }

    [Fact]
    public void Reduce_OutputCannotBeWritten_FailsAndSaysWhere()
    {
        var bundle = directory.Copy("cell-wait");
        var target = directory.Place("absent/out.json");

        var run = CommandLine.Run("reduce", bundle, "--output", target);

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"error: {target}: the state cannot be written: ");
    }

    [Fact]
    public void Reduce_FormatJson_IsOneDocumentAboutTheRun()
    {
        directory.Copy("cell-wait", "1-sound");
        directory.Copy("unknown-event-refused", "2-defective");
        directory.Copy("cell-wait", "3-broken");
        File.WriteAllText(directory.Place("3-broken/manifest.json"), "[]");

        var run = CommandLine.Run("reduce", directory.Path, "--format", "json");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldBeEmpty();
        Snapshot.Match(run.Out.Replace(directory.Path, "<dir>", StringComparison.Ordinal), "json");
    }

    [Fact]
    public void Reduce_PathsOverlap_ReducesEachBundleOnce()
    {
        var bundle = directory.Copy("cell-wait");

        var run = CommandLine.Run("reduce", bundle, directory.Path, bundle + "/");

        run.ShouldBe(new CommandLine(ExitCodes.Success, Path.Join(bundle, "state.json") + "\n", ""));
    }

    [Theory]
    [InlineData("no path")]
    [InlineData("jobs below one", "bundle", "--jobs", "0")]
    [InlineData("jobs no number", "bundle", "--jobs", "many")]
    [InlineData("unknown format", "bundle", "--format", "xml")]
    [InlineData("unknown option", "bundle", "--strct")]
    [InlineData("state and summary both to standard output", "bundle", "--output", "-", "--format", "json")]
    public void Reduce_WrongUsage_SaysWhatIsWrongAndDoesNothing(string part, params string[] arguments)
    {
        var run = CommandLine.Run(["reduce", .. arguments]);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        Snapshot.Match(run.Describe(), part: part.Replace(' ', '-'));
    }

    [Fact]
    public void Reduce_OutputForManyBundles_IsWrongUsage()
    {
        directory.Copy("cell-wait", "1");
        directory.Copy("cell-wait", "2");

        var run = CommandLine.Run("reduce", directory.Path, "--output", directory.Place("out.json"));

        run.ShouldBe(new CommandLine(ExitCodes.Usage, "", "--output takes one bundle, and the paths given mean 2.\n"));
    }

    private static string StateOf(string bundle) => File.ReadAllText(Path.Join(bundle, "state.json"));

    // Members of our own, which the reference does not have.
    private static string WithoutOurs(string state)
    {
        var node = JsonNode.Parse(state)!.AsObject();
        node.Remove("diagnostics");
        foreach (var member in node)
        {
            foreach (var entry in (member.Value as JsonObject)?.Select(entry => entry.Value).OfType<JsonObject>() ?? [])
            {
                entry.Remove("otel");
            }
        }

        return node.ToJsonString();
    }
}
