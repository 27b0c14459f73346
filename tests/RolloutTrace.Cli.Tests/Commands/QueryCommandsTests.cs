using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>Every command that asks about bundles: on all conformance cases, and its whole output for one of each kind.</summary>
public sealed class QueryCommandsTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    [InlineData("transcript")]
    [InlineData("context")]
    [InlineData("cache")]
    [InlineData("explain")]
    [InlineData("grep")]
    [InlineData("validate")]
    public void Help_IsEnoughToNeedNoManual(string command) => Snapshot.Match(CommandLine.Run(command, "--help").Describe(), part: command);

    [Theory]
    [InlineData("list", "--no-tokens")]
    [InlineData("inspect")]
    [InlineData("inspect", "--failed")]
    [InlineData("anomalies")]
    [InlineData("context")]
    [InlineData("cache")]
    [InlineData("validate")]
    [InlineData("grep", "-F", "e")]
    public void EveryConformanceCase_IsAnsweredPlainlyIn80Columns(string command, params string[] options)
    {
        var run = CommandLine.Run([command, .. options, TestDirectory.Cases]);

        run.ExitCode.ShouldBeOneOf(ExitCodes.Success, ExitCodes.Findings);
        run.Out.ShouldNotContain('\x1b');
        run.Out.Split('\n').Where(line => TerminalText.Columns(line) > 80 && !line.Contains(TestDirectory.Cases)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    [InlineData("transcript")]
    [InlineData("context")]
    [InlineData("cache")]
    [InlineData("validate")]
    [InlineData("grep", "-F", "e")]
    public void EveryConformanceCase_IsAnsweredAsJson(string command, params string[] options)
    {
        var run = CommandLine.Run([command, .. options, TestDirectory.Cases, "--format", "json"]);

        JsonNode.Parse(run.Out)!["bundles"]!.AsArray().Count.ShouldBe(TestDirectory.CaseNames.Count());
    }

    [Fact]
    public void EveryConformanceCase_ExplainsEveryIdOfItsState()
    {
        foreach (var name in TestDirectory.CaseNames.Where(name => !name.StartsWith("mixed", StringComparison.Ordinal) || name == "mixed-1001"))
        {
            var bundle = TestDirectory.CaseBundle(name);
            var rollout = Analysis.OpenRollout.Open(RolloutTrace.Bundle.BundleReader.Open(bundle));
            var ids = rollout.Graph.ToolCalls.Keys
                .Concat(rollout.Graph.Threads.Keys)
                .Concat(rollout.Graph.ConversationItems.Keys)
                .Concat(rollout.Graph.InferenceCalls.Keys)
                .Concat(rollout.Graph.CodeCells.Keys)
                .Concat(rollout.Graph.TerminalSessions.Keys)
                .Concat(rollout.Graph.TerminalOperations.Keys)
                .Concat(rollout.Graph.Compactions.Keys)
                .Concat(rollout.Graph.CompactionRequests.Keys)
                .Concat(rollout.Graph.InteractionEdges.Keys)
                .Concat(rollout.Graph.CodexTurns.Keys);
            foreach (var id in ids)
            {
                var explanations = Analysis.Explanation.Of(rollout, id);
                explanations.ShouldNotBeEmpty(id);
                explanations.ShouldAllBe(explanation => explanation.Steps.Count(step => step.Role == ExplanationRole.Subject) == 1);
            }
        }
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("two-levels", "--depth", "2")]
    [InlineData("failed-of-one-agent", "--thread", "/root/task_1", "--failed")]
    [InlineData("one-turn", "--turn", "turn-0-2")]
    [InlineData("slowest", "--slowest", "3")]
    public void Inspect_Text(string part, params string[] options) => Match(part, ["inspect", Bundle, .. options]);

    [Fact]
    public void Inspect_Json() => MatchJson("inspect", TestDirectory.CaseBundle("cell-wait"), "--format", "json");

    [Fact]
    public void Inspect_UnknownThread_Fails() => CommandLine.Run("inspect", Bundle, "--thread", "/root/nobody")
        .ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {Bundle}: has no thread /root/nobody; its threads are /root, /root/task_1\n"));

    [Fact]
    public void Anomalies_Text() => Match(null, ["anomalies", Bundle]);

    [Fact]
    public void Anomalies_Json() => MatchJson("anomalies", Bundle, "--format", "json");

    [Theory]
    [InlineData("child", "--thread", "/root/task_1")]
    [InlineData("new-of-a-request", "--at", "5e0fd148", "--new")]
    [InlineData("input-of-a-request", "--at", "f7867de2")]
    public void Transcript_Text(string part, params string[] options) => Match(part, ["transcript", Bundle, .. options]);

    [Fact]
    public void Transcript_WhereAnAgentAskedNoModel_NamesThoseThatDid()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.WithTurn("child-1", "turn-2", "/root/writer").Request("i1", """{"input":"hi"}""", "child-1", "turn-2");
        _ = bundle.Open();

        CommandLine.Run("transcript", bundle.Directory).ShouldBe(new CommandLine(
            ExitCodes.Success,
            $"No model was asked by /root, but by 1 other agent: /root/writer.\n\nnext: rollout-trace transcript {bundle.Directory} --thread /root/writer\n",
            ""));
        CommandLine.Run("transcript", bundle.Directory, "--thread", "/root/writer").Out.ShouldContain("hi");
    }

    [Fact]
    public void Transcript_WhereNoModelWasAsked_SaysSo()
    {
        using var bundle = new TestBundle().WithTurn();
        _ = bundle.Open();

        CommandLine.Run("transcript", bundle.Directory).ShouldBe(new CommandLine(ExitCodes.Success, "No model was asked by /root, nor by another agent.\n", ""));
    }

    [Fact]
    public void Transcript_Json() => MatchJson("transcript", Bundle, "--at", "f7867de2", "--new", "--format", "json");

    [Theory]
    [InlineData("given")]
    [InlineData("given-with-tools", "--tools")]
    public void Transcript_OfARequest_BeginsWithWhatItGave(string part, params string[] options)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """
            {"model":"m","instructions":"Be brief.\nBe kind.","temperature":0.2,"input":"hi",
             "tools":[{"type":"function","name":"look","description":"Looks\naround.","parameters":{"type":"object"}},{"type":"web_search"}]}
            """);
        _ = bundle.Open();

        Snapshot.Match(CommandLine.Run(["transcript", bundle.Directory, "--at", "i1", .. options]).Out.Replace(bundle.Directory, "<bundle>", StringComparison.Ordinal), part: part);
    }

    [Fact]
    public void Transcript_ToolsWithoutAt_IsWrongUsage()
    {
        CommandLine.Run("transcript", Bundle, "--tools").ExitCode.ShouldBe(ExitCodes.Usage);
        CommandLine.Run("transcript", Bundle, "--at", "f7867de2", "--new", "--tools").ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public void Transcript_NewWithoutAt_IsWrongUsage() =>
        CommandLine.Run("transcript", Bundle, "--new").ExitCode.ShouldBe(ExitCodes.Usage);

    [Theory]
    [InlineData("call", "call_9")]
    [InlineData("nested-call", "ed8b8b46")]
    [InlineData("item", "conversation_item:11")]
    [InlineData("process", "1004")]
    [InlineData("agent", "/root/task_1")]
    [InlineData("cell", "code_cell:call_4")]
    [InlineData("compaction", "compaction-95676426")]
    public void Explain_Text(string part, string id) => Match(part, ["explain", Bundle, id]);

    [Fact]
    public void Explain_Json() => MatchJson("explain", Bundle, "call_12", "--format", "json");

    [Fact]
    public void Explain_NothingHasTheId_Fails()
    {
        var run = CommandLine.Run("explain", Bundle, "nonsense");

        run.ShouldBe(new CommandLine(ExitCodes.Failure, "", $"error: {Bundle}: nothing has the id nonsense, nor an id that contains it\n"));
    }

    [Fact]
    public void Explain_MoreThanOneIdContainsIt_NamesThem() => CommandLine.Run("explain", Bundle, "turn-").ShouldBe(new CommandLine(
        ExitCodes.Failure,
        "",
        $"error: {Bundle}: more than one id contains turn-: turn-0-1 (turn), turn-0-2 (turn), turn-1-1 (turn), turn-1-2 (turn), turn-1-3 (turn), and more\n"));

    [Fact]
    public void Grep_Text() => Match(null, ["grep", "-F", "\"quoted\"", Bundle]);

    [Fact]
    public void Grep_Json() => MatchJson("grep", "^naïve .*東京", Bundle, "--format", "json");

    [Fact]
    public void Transcript_OfEveryConformanceCase_Fits80Columns() => CommandLine.Run("transcript", TestDirectory.Cases).Out.Split('\n')
        .Where(line => TerminalText.Columns(line) > 80 && !line.Contains(TestDirectory.Cases))
        .ShouldBeEmpty();

    [Fact]
    public void Grep_OfManyBundles_ShowsThoseWithAMatch()
    {
        directory.Copy("cell-wait", "1");
        directory.Copy("mixed-1001", "2");

        Snapshot.Match(CommandLine.Run("grep", "-F", "naïve token plan", directory.Path).Describe(directory));
    }

    [Fact]
    public void Grep_NoMatch_SaysSoByItsExitCode() => CommandLine.Run("grep", "-F", "nowhere to be found", Bundle)
        .ShouldBe(new CommandLine(ExitCodes.Findings, "", ""));

    [Fact]
    public void Grep_PatternIsNone_IsWrongUsage() => CommandLine.Run("grep", "(", Bundle).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void Validate_SoundAndDefectiveBundleAndDamagedState()
    {
        var sound = directory.Copy("cell-wait", "sound");
        var defective = directory.Copy("mcp-twice-refused", "defective");
        var state = JsonNode.Parse(TestDirectory.Expected("cell-wait", "expected.json")!)!;
        state["raw_payloads"]!.AsObject().Clear();
        var damaged = directory.Place("damaged.json");
        File.WriteAllText(damaged, state.ToJsonString());
        var broken = directory.Place("broken.json");
        File.WriteAllText(broken, "{}");

        Snapshot.Match(CommandLine.Run("validate", sound, defective, damaged, broken).Describe(directory));
    }

    [Fact]
    public void Validate_Json() => MatchJson("validate", TestDirectory.CaseBundle("mcp-twice-refused"), "--format", "json");

    [Fact]
    public void List_OfATime_ReadsNothingButTheManifestOfOtherTimes()
    {
        directory.Copy("cell-wait", "1");
        File.Delete(directory.Place("1/trace.jsonl"));

        CommandLine.Run("list", directory.Path, "--since", "2100-01-01").ShouldBe(new CommandLine(ExitCodes.Success, "", ""));
        CommandLine.Run("list", directory.Path).ExitCode.ShouldBe(ExitCodes.Failure);
    }

    [Fact]
    public void List_NewestFirst()
    {
        directory.Copy("mixed-1001", "a");
        directory.Copy("multi-1001", "b");
        directory.Copy("torn-last-line-refused", "c");

        Snapshot.Match(CommandLine.Run("list", directory.Path).Describe(directory));
    }

    [Theory]
    [InlineData("a,b", "--since", "2026-02-03")]
    [InlineData("c", "--until", "2026-02-03")]
    [InlineData("b", "--status", "failed")]
    [InlineData("c", "--status", "unended")]
    [InlineData("a", "--agent", "task_1")]
    [InlineData("a", "--agent", "/root/task_1", "--since", "2026-02-07T02:00:00+00:00")]
    public void List_Filters(string expected, params string[] options)
    {
        directory.Copy("mixed-1001", "a");
        directory.Copy("multi-1001", "b");
        directory.Copy("torn-last-line-refused", "c");

        var run = CommandLine.Run(["list", directory.Path, "--format", "json", .. options]);

        run.ExitCode.ShouldBe(ExitCodes.Success);
        JsonNode.Parse(run.Out)!["bundles"]!.AsArray()
            .Select(bundle => Path.GetFileName(bundle!["bundle"]!.GetValue<string>()))
            .ShouldBe(expected.Split(','));
    }

    [Fact]
    public void ABundleThatCannotBeRead_DoesNotStopTheOthers()
    {
        directory.Copy("cell-wait", "1");
        directory.Copy("cell-wait", "2");
        directory.Copy("cell-wait", "3");
        File.WriteAllText(directory.Place("2/manifest.json"), "");

        var run = CommandLine.Run("inspect", directory.Path, "--depth", "1");

        Snapshot.Match(run.Describe(directory));
    }

    private static string Bundle => TestDirectory.CaseBundle("mixed-1001");

    private static void Match(string? part, string[] arguments, [System.Runtime.CompilerServices.CallerMemberName] string method = "") =>
        Snapshot.Match(CommandLine.Run(arguments).Describe().Replace(TestDirectory.Cases, "<cases>", StringComparison.Ordinal), part: part, method: method);

    private static void MatchJson(params string[] arguments) =>
        Snapshot.Match(
            CommandLine.Run(arguments).Out.Replace(TestDirectory.Cases, "<cases>", StringComparison.Ordinal),
            "json",
            method: arguments[0][..1].ToUpperInvariant() + arguments[0][1..] + "_Json");
}
