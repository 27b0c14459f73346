using System.Text;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class ImportCommandTests
{
    private const string Meta = """{"timestamp":"2026-11-20T09:00:00.000Z","type":"session_meta","payload":{"id":"019f740f-cdc6-738e-a378-8bcf7f73ad65","cwd":"/home/shop","source":"cli","model_provider":"openai"}}""";
    private const string Turn = """{"timestamp":"2026-11-20T09:00:01.000Z","type":"turn_context","payload":{"turn_id":"t1","model":"m"}}""";
    private const string User = """{"timestamp":"2026-11-20T09:00:02.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}}""";
    private const string Answer = """{"timestamp":"2026-11-20T09:00:03.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hello"}]}}""";

    [Fact]
    public void Import_PrintsTheBundlesPathAndSaysWhatIsInIt()
    {
        using var directory = new TestDirectory();
        Write(directory, "log.jsonl", Meta, Turn, User, Answer);

        var run = CommandLine.Run("import", directory.Place("log.jsonl"), "-o", directory.Place("out"));

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Out.ShouldBe(Directory.GetDirectories(directory.Place("out")).ShouldHaveSingleItem() + "\n");
        run.Error.ShouldBe("codex 019f740f-cdc6-738e-a378-8bcf7f73ad65: 1 turn, 1 request, 0 tool calls\n");
        CommandLine.Run("transcript", run.Out.TrimEnd()).Out.ShouldContain("hello");
    }

    [Fact]
    public void Import_WithALineThatCannotBeRead_NamesFileAndLineAndImportsTheRest()
    {
        using var directory = new TestDirectory();
        Write(directory, "log.jsonl", Meta, Turn, "{\"torn", User, Answer, "{\"torn", "{\"timestamp\":\"2026-11-20T09:00:04.000Z\",\"type\":\"new\",\"payload\":{}}");

        Snapshot.Match(CommandLine.Run("import", directory.Place("log.jsonl"), "-o", directory.Place("out")).Describe(directory));
    }

    [Fact]
    public void Import_Json_IsOneDocumentAboutTheImport()
    {
        using var directory = new TestDirectory();
        Write(directory, "log.jsonl", Meta, Turn, User, "{\"torn", Answer);

        var run = CommandLine.Run("import", directory.Place("log.jsonl"), "-o", directory.Place("out"), "--format", "json");

        run.ExitCode.ShouldBe(ExitCodes.Findings);
        run.Error.ShouldBeEmpty();
        var answer = JsonNode.Parse(run.Out)!;
        answer["rollouts"]![0]!["requests"]!.GetValue<int>().ShouldBe(1);
        answer["diagnostics"]![0]!["severity"]!.GetValue<string>().ShouldBe("error");
        answer["diagnostics"]![0]!["line"]!.GetValue<long>().ShouldBe(4);
        answer["is_sound"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Import_OfNothing_SaysSo()
    {
        using var directory = new TestDirectory();
        Directory.CreateDirectory(directory.Place("empty"));

        var run = CommandLine.Run("import", directory.Place("empty"), "-o", directory.Place("out"));

        run.ExitCode.ShouldBe(ExitCodes.Findings);
        run.Error.ShouldBe($"error: {directory.Place("empty")}: holds no file\n");
    }

    [Fact]
    public void Import_WithoutAPath_ListsTheSessionLogsOfTheMachine()
    {
        using var directory = new TestDirectory();
        Directory.CreateDirectory(directory.Place(".codex/sessions"));
        Write(directory, ".codex/sessions/log.jsonl", Meta, Turn, User, Answer);

        Snapshot.Match(Listing(directory).Describe(directory));
        JsonNode.Parse(Listing(directory, "--format", "json").Out)!["logs"]![0]!["prompt"]!.GetValue<string>().ShouldBe("hi");
    }

    [Fact]
    public void Import_WithoutAPath_SaysWhichSessionSpawnedAnother_AndImportsThemTogether()
    {
        using var directory = new TestDirectory();
        Directory.CreateDirectory(directory.Place(".codex/sessions"));
        Write(directory, ".codex/sessions/log.jsonl", Meta, Turn, User, Answer);
        Write(directory, ".codex/sessions/helper.jsonl", Meta.Replace("8bcf7f73ad65", "000000000001", StringComparison.Ordinal).Replace("\"cli\"", """{"subagent":{"thread_spawn":{"parent_thread_id":"019f740f-cdc6-738e-a378-8bcf7f73ad65"}}}""", StringComparison.Ordinal), Turn, User, Answer);

        var lines = Listing(directory).Out.Split('\n');
        var next = lines[^2].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldEndWith("  019f740f-cdc6-738e-a378-8bcf7f73ad65");
        lines[3].ShouldEndWith("  019f740f-cdc6-738e-a378-000000000001");
        lines[4].ShouldBe("  spawned by 019f740f-cdc6-738e-a378-8bcf7f73ad65");
        JsonNode.Parse(Listing(directory, "--format", "json").Out)!["logs"]![1]!["parent_session_id"]!.GetValue<string>().ShouldBe("019f740f-cdc6-738e-a378-8bcf7f73ad65");
        CommandLine.Run([.. next[2..^1], directory.Place("out")]).ExitCode.ShouldBe(ExitCodes.Success, string.Join(' ', next));
        Directory.GetDirectories(directory.Place("out")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Import_WithoutAPath_SaysWhereItLookedInVain()
    {
        using var directory = new TestDirectory();

        var run = Listing(directory);

        run.ExitCode.ShouldBe(ExitCodes.Success);
        run.Error.ShouldBe($"no session logs in {directory.Path}/.codex/sessions, {directory.Path}/.codex/archived_sessions, {directory.Path}/.claude/projects\n");
    }

    [Theory]
    [InlineData("import", "x.jsonl")]
    [InlineData("import", "-o", "out")]
    public void Import_WithHalfOfWhatItNeeds_IsWrongUsage(params string[] arguments) => CommandLine.Run(arguments).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("import", "--help").Describe());

    private static void Write(TestDirectory directory, string name, params string[] lines) => File.WriteAllLines(directory.Place(name), lines);

    private static CommandLine Listing(TestDirectory directory, params string[] options)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exitCode;
        using (var console = new CommandConsole(output, error) { Environment = name => name == "HOME" ? directory.Path : null })
        {
            exitCode = RolloutTraceCommand.Run(["import", .. options], console);
        }

        return new CommandLine(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
