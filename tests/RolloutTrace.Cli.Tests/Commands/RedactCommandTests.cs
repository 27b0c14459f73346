using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests;

public sealed class RedactCommandTests : IDisposable
{
    private const string Secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

    private readonly TestDirectory directory = new();

    private string Output => directory.Place("clean");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("redact", "--help").Describe());

    [Fact]
    public void ABundle_TheCopyHasNoSecret_AndTheReportSaysHowOftenAndWhere()
    {
        var bundle = Leaking("bundle");

        var run = CommandLine.Run("redact", bundle, "-o", Output, "--mark-key", "k");

        run.ExitCode.ShouldBe(ExitCodes.Success);
        Snapshot.Match(run.Describe(directory));
        All(Output).ShouldNotContain(Secret);
        CommandLine.Run("validate", Output).ExitCode.ShouldBe(ExitCodes.Success);
        RolloutReducer.Reduce(Output).Graph.ToolCalls.Keys.ShouldBe(RolloutReducer.Reduce(bundle).Graph.ToolCalls.Keys);
    }

    [Fact]
    public void Json_HasTheSame()
    {
        Leaking("all/1");
        directory.Copy("cell-wait", "all/2");

        var run = CommandLine.Run("redact", directory.Place("all"), "-o", Output, "--mark-key", "k", "--format", "json");

        run.ExitCode.ShouldBe(ExitCodes.Success);
        Snapshot.Match(run.Describe(directory));
        Directory.GetDirectories(Output).Length.ShouldBe(2);
    }

    [Fact]
    public void PatternsAndKeys_AreTakenToo_AndWithoutTheKnownShapesOnlyThose()
    {
        var bundle = Leaking("bundle");

        CommandLine.Run("redact", bundle, "-o", Output, "--only-given", "--pattern", "done", "acme-[a-z]+", "--keys", "api-token").ExitCode.ShouldBe(ExitCodes.Success);

        All(Output).ShouldContain(Secret);
        All(Output).ShouldNotContain("acme-inc");
    }

    [Fact]
    public void TwoRuns_MarkDifferently_UnlessTheyHaveOneKey()
    {
        var bundle = Leaking("bundle");

        var copies = new[] { "a", "b" }.Select(name => Redacted(bundle, name)).ToArray();
        var withKey = new[] { "c", "d" }.Select(name => Redacted(bundle, name, "--mark-key", "k")).ToArray();

        copies[0].ShouldNotBe(copies[1]);
        withKey[0].ShouldBe(withKey[1]);
    }

    [Fact]
    public void APatternThatIsNone_IsWrongUsage()
    {
        var run = CommandLine.Run("redact", TestDirectory.CaseBundle("cell-wait"), "-o", Output, "--pattern", "(");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldStartWith("--pattern: Invalid pattern '('");
        Directory.Exists(Output).ShouldBeFalse();
    }

    [Fact]
    public void APatternThatTakesTooLong_LeavesNoCopy()
    {
        var bundle = Leaking("bundle", new string('a', 64) + "!");

        var run = CommandLine.Run("redact", bundle, "-o", Output, "--pattern", "(?<!x)(a+)+$");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("pattern 1 takes more than 5 s for one text");
        Directory.Exists(Output).ShouldBeFalse();
    }

    private string Leaking(string name, string? text = null)
    {
        var bundle = directory.Copy("cell-wait", name);
        var payload = Directory.GetFiles(Path.Join(bundle, "payloads")).Order(StringComparer.Ordinal).First(file => File.ReadAllText(file).Contains("\"input\""));
        var request = JsonNode.Parse(File.ReadAllText(payload))!;
        request["metadata"] = new JsonObject { ["note"] = text ?? $"{Secret} of acme-inc", ["again"] = Secret };
        File.WriteAllText(payload, request.ToJsonString());
        return bundle;
    }

    private string Redacted(string bundle, string name, params string[] options)
    {
        CommandLine.Run(["redact", bundle, "-o", directory.Place(name), .. options]).ExitCode.ShouldBe(ExitCodes.Success);
        return All(directory.Place(name));
    }

    private static string All(string root) => string.Join('\n', Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText));
}
