using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>What the commands say of a rollout whose log has no end: its recorder lives, is gone, or nobody knows.</summary>
public sealed class LivenessTests : IDisposable
{
    // A turn, a request, a tool and a cell of it have no end.
    private const string Unended = "cell-nested-tools-ordinal";

    // The lock of a recorder that was killed; the file is there, and nobody holds it.
    private const string Left = "00000000-0000-4000-8000-000000000000";

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void WithoutEnd_EachCommandTellsTheLivingFromTheDeadAndTheUnknown()
    {
        using var living = BundleWriterLock.TryTake(directory.Path).ShouldNotBeNull();
        Copy("alive", living.Id);
        Copy("gone", Left);
        Copy("unknown", writerLock: null);

        Snapshot.Match(string.Join('\n',
            CommandLine.Run("list", directory.Path).Describe(directory),
            CommandLine.Run("inspect", directory.Path).Describe(directory),
            CommandLine.Run("inspect", directory.Path, "--failed", "--depth", "2").Describe(directory),
            CommandLine.Run("anomalies", directory.Path).Describe(directory),
            CommandLine.Run("explain", directory.Place("alive"), "call-x").Describe(directory),
            CommandLine.Run("explain", directory.Place("gone"), "call-x").Describe(directory),
            CommandLine.Run("explain", directory.Place("unknown"), "call-x").Describe(directory)));
    }

    [Theory]
    [InlineData("alive", "running", "running")]
    [InlineData("gone", "died", "unfinished")]
    [InlineData("unknown", "unended", "running")]
    [InlineData("ended", "completed", "unfinished")]
    public void Export_OfSpansWithoutEnd_SaysHowTheirRolloutStands(string name, string liveness, string status)
    {
        using var living = BundleWriterLock.TryTake(directory.Path).ShouldNotBeNull();
        Copy("alive", living.Id);
        Copy("gone", Left);
        Copy("unknown", writerLock: null);
        End(Copy("ended", writerLock: null));

        var run = CommandLine.Run("export", "otlp-json", directory.Place(name), "-o", "-");

        var unfinished = JsonNode.Parse(run.Out)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray()
            .Select(span => span!["attributes"]!.AsArray().ToDictionary(pair => pair!["key"]!.GetValue<string>(), pair => pair!["value"]!.AsObject().Single().Value!.ToString()))
            .Where(attributes => attributes.ContainsKey("rollout.unfinished"))
            .ToList();
        unfinished.ShouldNotBeEmpty();
        unfinished.ShouldAllBe(attributes => attributes["rollout.liveness"] == liveness && attributes["rollout.status"] == status);
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
        Copy("gone", Left);
        Copy("unknown", writerLock: null);
        End(directory.Copy("cell-wait", "ended"));

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
    [InlineData("list")]
    [InlineData("inspect")]
    public void ABundle_WhoseLockIsNotBesideIt_IsUnended(string command)
    {
        var bundle = Copy("copy", "00000000-0000-4000-8000-000000000001");

        Status(command, bundle).ShouldBe(("unended", "its recorder's lock is not beside it: the recorder is gone, or this is a copy"));
    }

    // Whatever is missing, both say the same.
    [Theory]
    [InlineData(1, null)]
    [InlineData(1, "00000000-0000-4000-8000-000000000001")]
    [InlineData(2, null)]
    public void ABundle_WhoseLastPayloadsAreMissing_IsACopyToEveryCommand(int missing, string? writerLock)
    {
        var bundle = Copy("copy", writerLock);
        var log = File.ReadAllText(Path.Join(bundle, "trace.jsonl"));
        var inOrder = Directory.GetFiles(Path.Join(bundle, "payloads")).OrderByDescending(payload => log.LastIndexOf($"payloads/{Path.GetFileName(payload)}", StringComparison.Ordinal));
        foreach (var payload in inOrder.Take(missing).ToList())
        {
            File.Delete(payload);
        }

        Status("list", bundle).ShouldBe(("unended", "its bundle was copied or cut while it was written"));
        Status("inspect", bundle).ShouldBe(Status("list", bundle));
    }

    private static (string Status, string? Evidence) Status(string command, string bundle)
    {
        var answer = JsonNode.Parse(CommandLine.Run(command, bundle, "--format", "json").Out)!["bundles"]![0]!;
        answer = answer["result"] ?? answer;
        return (answer["status"]!.GetValue<string>(), answer["status_evidence"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    public void ACopyFromWhileItWasWritten_WhoseLockIsNotBesideIt_IsUnended(string command)
    {
        var bundle = Copy("copy", "00000000-0000-4000-8000-000000000001");
        File.AppendAllText(Path.Join(bundle, "trace.jsonl"), "{\"schema_version\":1,\"seq");

        var answer = JsonNode.Parse(CommandLine.Run(command, bundle, "--format", "json").Out)!["bundles"]![0]!;

        (answer["status"] ?? answer["result"]!["status"])!.GetValue<string>().ShouldBe("unended");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    [InlineData("anomalies")]
    public void ACopyFromWhileItWasWritten_IsNotTakenForDeadHoweverOldItIs(string command)
    {
        var bundle = FieldCase.Bundle("copied-while-written/bundle");

        var answer = JsonNode.Parse(CommandLine.Run(CommandLine.Now.AddYears(1), command, bundle, "--format", "json").Out)!["bundles"]![0]!;

        (answer["status"] ?? answer["result"]!["status"])!.GetValue<string>().ShouldBe("unended");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("inspect")]
    public void ATornLineBesideAFreeLock_IsOfAProcessThatDied(string command)
    {
        var bundle = Copy("torn", Left);
        File.AppendAllText(Path.Join(bundle, "trace.jsonl"), "{\"schema_version\":1,\"seq");

        var answer = JsonNode.Parse(CommandLine.Run(command, bundle, "--format", "json").Out)!["bundles"]![0]!;

        (answer["status"] ?? answer["result"]!["status"])!.GetValue<string>().ShouldBe("died");
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

    [Fact]
    public void OfACutBundle_EachCommandSaysWhatWasLostAndWhy()
    {
        var bundle = Copy("cut", Left);
        Note(bundle, "disk_full", 1234);

        Snapshot.Match(string.Join('\n',
            CommandLine.Run("list", bundle).Describe(directory),
            CommandLine.Run("list", bundle, "--status", "cut", "--format", "json").Describe(directory),
            CommandLine.Run("list", bundle, "--status", "died").Describe(directory),
            CommandLine.Run("inspect", bundle, "--depth", "1").Describe(directory),
            CommandLine.Run("inspect", bundle, "--depth", "1", "--format", "json").Describe(directory),
            CommandLine.Run("anomalies", bundle).Describe(directory),
            CommandLine.Run("anomalies", bundle, "--format", "json").Describe(directory),
            CommandLine.Run("explain", bundle, "call-x").Describe(directory)));
    }

    [Fact]
    public void OfAnEndedBundle_TheEndCountsAndWhatWasLostIsAFinding()
    {
        var bundle = directory.Copy("cell-wait", "ended");
        End(bundle);
        Note(bundle, "io_error", 1);

        var run = CommandLine.Run("anomalies", bundle, "--format", "json");

        var result = JsonNode.Parse(run.Out)!["bundles"]![0]!["result"]!;
        result["status"]!.GetValue<string>().ShouldBe("completed");
        var finding = result["anomalies"]!.AsArray().Single(a => a!["code"]!.GetValue<string>() == "recording_cut")!;
        finding["message"]!.GetValue<string>().ShouldEndWith("was cut: io error, 1 event lost");
    }

    private static void Note(string bundle, string cause, long events)
    {
        var file = Path.Join(bundle, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        manifest["lost"] = new JsonObject { ["cause"] = cause, ["events"] = events };
        File.WriteAllText(file, manifest.ToJsonString());
    }

    private static void End(string bundle) => File.AppendAllText(
        Path.Join(bundle, "trace.jsonl"),
        """{"schema_version":1,"seq":999,"wall_time_unix_ms":1770000009999,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""" + "\n");

    private string Copy(string name, string? writerLock)
    {
        var bundle = directory.Copy(Unended, name);
        if (writerLock == Left)
        {
            File.WriteAllText(directory.Place($".recorder-{Left}.lock"), "left");
        }

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
