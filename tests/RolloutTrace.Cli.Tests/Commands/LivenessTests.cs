using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli.Tests;

/// <summary>What the commands say of a rollout whose log has no end: its recorder lives, is gone, or nobody knows.</summary>
public sealed class LivenessTests : IDisposable
{
    // A turn, a request, a tool and a cell of it have no end.
    private const string Unended = "cell-nested-tools-ordinal";

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void WithoutEnd_EachCommandTellsTheLivingFromTheDeadAndTheUnknown()
    {
        using var living = BundleWriterLock.TryTake(directory.Path).ShouldNotBeNull();
        Copy("alive", living.Id);
        Copy("gone", "00000000-0000-4000-8000-000000000000");
        Copy("unknown", writerLock: null);

        Snapshot.Match(string.Join('\n',
            CommandLine.Run("list", directory.Path).Describe(directory),
            CommandLine.Run("inspect", directory.Path).Describe(directory),
            CommandLine.Run("inspect", directory.Path, "--failed", "--depth", "2").Describe(directory),
            CommandLine.Run("anomalies", directory.Path).Describe(directory)));
    }

    [Theory]
    [InlineData("running", "alive")]
    [InlineData("died", "gone")]
    [InlineData("unended", "unknown")]
    [InlineData("completed", "ended")]
    public void List_Status_IsAFilterAndPartOfTheJson(string status, string expected)
    {
        using var living = BundleWriterLock.TryTake(directory.Path).ShouldNotBeNull();
        Copy("alive", living.Id);
        Copy("gone", "00000000-0000-4000-8000-000000000000");
        Copy("unknown", writerLock: null);
        directory.Copy("cell-wait", "ended");
        File.AppendAllText(
            directory.Place("ended/trace.jsonl"),
            """{"schema_version":1,"seq":999,"wall_time_unix_ms":1770000009999,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""" + "\n");

        var run = CommandLine.Run("list", directory.Path, "--status", status, "--format", "json");

        var bundle = JsonNode.Parse(run.Out)!["bundles"]!.AsArray().ShouldHaveSingleItem()!;
        Path.GetFileName(bundle["bundle"]!.GetValue<string>()).ShouldBe(expected);
        bundle["status"]!.GetValue<string>().ShouldBe(status);
        (bundle["status_evidence"] is null).ShouldBe(status == "completed");
    }

    [Theory]
    [InlineData(6, "unended")]
    [InlineData(8, "died")]
    public void WithoutAnyMark_OnlyALongSilenceIsTakenForDeath(int days, string status)
    {
        var bundle = Copy("unknown", writerLock: null);
        var last = DateTimeOffset.FromUnixTimeMilliseconds(1770000000000);

        var run = CommandLine.Run(last.AddDays(days), "inspect", bundle, "--format", "json");

        JsonNode.Parse(run.Out)!["bundles"]![0]!["result"]!["status"]!.GetValue<string>().ShouldBe(status);
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("")]
    [InlineData("00000000-0000-4000-8000-000000000000/../x")]
    public void AMarkThatIsNoId_IsNoEvidence(string writerLock)
    {
        var bundle = Copy("hostile", writerLock);

        var run = CommandLine.Run("list", bundle, "--format", "json");

        JsonNode.Parse(run.Out)!["bundles"]![0]!["status"]!.GetValue<string>().ShouldBe("unended");
    }

    private string Copy(string name, string? writerLock)
    {
        var bundle = directory.Copy(Unended, name);
        if (writerLock is not null)
        {
            var file = Path.Join(bundle, "manifest.json");
            var manifest = JsonNode.Parse(File.ReadAllText(file))!;
            manifest["writer_lock"] = writerLock;
            File.WriteAllText(file, manifest.ToJsonString());
        }

        return bundle;
    }
}
