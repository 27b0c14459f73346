using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class ExportParquetCommandTests : IDisposable
{
    private const string Case = "cell-source-item-order";

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Export_WritesTheRowsOfEveryBundle_AndSaysWhere()
    {
        directory.Copy(Case, "root/a");

        var run = CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("lake"));

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldBe($"{directory.Place("lake")}\n");
        run.Error.ShouldContain($"{directory.Place("root/a")}: ");
        Files().Count.ShouldBe(7);
    }

    [Fact]
    public void ABundleThatCannotBeRead_IsNamed_AndTheOthersAreWritten()
    {
        directory.Copy(Case, "root/a");
        Directory.CreateDirectory(directory.Place("root/b"));
        File.WriteAllText(directory.Place("root/b/manifest.json"), "{");
        File.WriteAllText(directory.Place("root/b/trace.jsonl"), "");

        var run = CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("lake"), "--format", "json");

        run.ExitCode.ShouldBe(2);
        var answers = JsonNode.Parse(run.Out)!["bundles"]!.AsArray();
        ((int)answers[0]!["result"]!["rows"]!["rollouts"]!).ShouldBe(1);
        ((string)answers[1]!["error"]!).ShouldStartWith(directory.Place("root/b"));
        Files().Count.ShouldBe(7);
    }

    [Fact]
    public void OfTwoWithOneName_TheLastStays_AndItIsSaid()
    {
        directory.Copy(Case, "root/a");
        directory.Copy(Case, "root/b");

        var run = CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("lake"));

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain($"{directory.Place("root/b")}: has the name of {directory.Place("root/a")}, and replaces it");
        Files().Count.ShouldBe(7);
    }

    [Fact]
    public void WhatWasSaid_IsWrittenOnlyIfAskedFor()
    {
        directory.Copy(Case, "root/a");
        CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("without")).ExitCode.ShouldBe(0);
        CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("with"), "--text").ExitCode.ShouldBe(0);

        Size("with").ShouldBeGreaterThan(Size("without"));
    }

    [Fact]
    public void Compact_MakesOneFileADayAndTable()
    {
        directory.Copy(Case, "root/a");
        CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("lake")).ExitCode.ShouldBe(0);
        var manifest = JsonNode.Parse(File.ReadAllText(directory.Place("root/a/manifest.json")))!;
        manifest["trace_id"] = "another";
        File.WriteAllText(directory.Place("root/a/manifest.json"), manifest.ToJsonString());
        CommandLine.Run("export", "parquet", directory.Place("root"), "-o", directory.Place("lake")).ExitCode.ShouldBe(0);

        var run = CommandLine.Run("lake", "compact", directory.Place("lake"), "--format", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        ((int)JsonNode.Parse(run.Out)!["days"]![0]!["files_before"]!).ShouldBe(14);
        Files().Count.ShouldBe(7);
        CommandLine.Run("lake", "compact", directory.Place("nowhere")).ExitCode.ShouldBe(2);
    }

    private IReadOnlyList<string> Files() => Directory.GetFiles(directory.Place("lake"), "*.parquet", SearchOption.AllDirectories);

    private long Size(string lake) => Directory.GetFiles(directory.Place(lake), "*.parquet", SearchOption.AllDirectories).Where(static file => file.Contains("/items/", StringComparison.Ordinal)).Sum(static file => new FileInfo(file).Length);
}
