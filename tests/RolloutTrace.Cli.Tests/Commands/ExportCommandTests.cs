using System.Text.Json.Nodes;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    public static TheoryData<string> Cases => TestDirectory.AllCases;

    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("export", "otlp-json", "--help").Describe() + CommandLine.Run("export", "otlp", "--help").Describe());

    [Fact]
    public void OtlpJson_OfABundleWithoutSpanIds() =>
        Snapshot.Match(Indented(CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle("close-edges"), "-o", "-").Out), "json");

    [Fact]
    public void OtlpJson_WithContent_OfABundleWithoutSpanIds() =>
        Snapshot.Match(Indented(CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle("cell-wait"), "--content", "-o", "-").Out), "json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void OtlpJson_EveryConformanceCase_ContentIsThereOnDemandAloneAndIsJson(string name)
    {
        var without = CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle(name), "-o", "-");
        var with = CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle(name), "-o", "-", "--content");

        Content(without).ShouldBeEmpty();
        with.ExitCode.ShouldBeOneOf(ExitCodes.Success, ExitCodes.Findings);
        foreach (var content in Content(with))
        {
            JsonNode.Parse(content);
            System.Text.Encoding.UTF8.GetByteCount(content).ShouldBeLessThanOrEqualTo(32 << 10);
        }
    }

    [Fact]
    public void OtlpJson_WithABase_RequestsLeadToTheirPayloads()
    {
        var bundle = TestDirectory.CaseBundle("mixed-1001");

        var run = CommandLine.Run("export", "otlp-json", bundle, "-o", "-", "--content-base-uri", "https://traces.example/b/");

        run.Out.ShouldContain($"{{\"key\":\"gen_ai.input.messages_ref\",\"value\":{{\"stringValue\":\"https://traces.example/b/{Path.GetFileName(bundle)}/payloads/");
        CommandLine.Run("export", "otlp-json", bundle, "-o", "-").Out.ShouldNotContain("messages_ref");
        CommandLine.Run("export", "otlp-json", bundle, "-o", "-", "--content-base-uri", "here").ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public void OtlpJson_ExportedTwice_IsTheSame()
    {
        var file = directory.Place("spans.json");

        var run = CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle("mixed-1001"), "-o", file);

        run.ShouldBe(new CommandLine(ExitCodes.Success, file + "\n", ""));
        File.ReadAllText(file).ShouldBe(CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle("mixed-1001"), "-o", "-").Out);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OtlpJson_EveryConformanceCase_EveryParentAndLinkIsASpanOfTheRollout(string name)
    {
        var run = CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle(name), "-o", "-");

        var isWhole = RolloutReducer.Reduce(TestDirectory.CaseBundle(name)).Diagnostics.Count == 0;
        run.ExitCode.ShouldBe(isWhole ? ExitCodes.Success : ExitCodes.Findings, run.Error);
        var spans = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonNode.Parse(line)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray())
            .ToList();
        var ids = spans.Select(span => span!["spanId"]!.GetValue<string>()).ToList();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Length == 16);
        spans.Select(span => span!["traceId"]!.GetValue<string>()).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        foreach (var span in spans)
        {
            if (span!["parentSpanId"] is { } parent)
            {
                ids.ShouldContain(parent.GetValue<string>());
            }

            foreach (var link in span["links"]?.AsArray() ?? [])
            {
                ids.ShouldContain(link!["spanId"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public void OtlpJson_ABundleThatCannotBeRead_FailsAndTheOthersAreWritten()
    {
        directory.Copy("cell-wait", "1");
        directory.Copy("cell-wait", "2");
        File.WriteAllText(directory.Place("1/manifest.json"), "");

        var run = CommandLine.Run("export", "otlp-json", directory.Path, "-o", "-");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldStartWith($"error: {directory.Place("1/manifest.json")}: the manifest cannot be parsed");
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Fact]
    public void OtlpJson_ABundleWithDefects_SaysSo()
    {
        var bundle = TestDirectory.CaseBundle("mcp-twice-refused");
        var file = directory.Place("spans.json");

        CommandLine.Run("export", "otlp-json", bundle, "-o", file)
            .ShouldBe(new CommandLine(ExitCodes.Findings, file + "\n", $"{bundle}: 1 defect; this is from what is sound ('rollout-trace validate' lists them)\n"));
    }

    [Fact]
    public void OtlpJson_Strict_RefusesABundleWithDefectsAndLeavesTheFileAsItWas()
    {
        var bundle = TestDirectory.CaseBundle("mcp-twice-refused");
        var file = directory.Place("spans.json");
        File.WriteAllText(file, "before");

        var run = CommandLine.Run("export", "otlp-json", bundle, "-o", file, "--strict");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"error: {Path.Join(bundle, "trace.jsonl")}, line ");
        File.ReadAllText(file).ShouldBe("before");
        Directory.GetFileSystemEntries(directory.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void OtlpJson_Json()
    {
        directory.Copy("cell-wait", "1");
        directory.Copy("mcp-twice-refused", "2");
        directory.Copy("cell-wait", "3");
        File.WriteAllText(directory.Place("3/manifest.json"), "");

        Snapshot.Match(CommandLine.Run("export", "otlp-json", directory.Path, "-o", directory.Place("spans.json"), "--format", "json").Describe(directory));
    }

    private static List<string> Content(CommandLine export) =>
    [
        .. export.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonNode.Parse(line)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray())
            .SelectMany(span => span!["attributes"]!.AsArray())
            .Where(pair => pair!["key"]!.GetValue<string>() is "gen_ai.input.messages" or "gen_ai.output.messages" or "gen_ai.tool.call.arguments" or "gen_ai.tool.call.result")
            .Select(pair => pair!["value"]!["stringValue"]!.GetValue<string>()),
    ];

    private static string Indented(string json) => JsonNode.Parse(json)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
}
