using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class CollectedCommandsTests : IDisposable
{
    private const string Hole = """{"missing_seq":[[17,17],[40,52]],"missing_payloads":["payloads/12.json"]}""";
    private const string Words = "lacks events 17, 40-52 and payloads/12.json";

    private readonly TestDirectory directory = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void List_and_inspect_say_what_did_not_come_of_a_rollout_that_was_collected(bool isPacked)
    {
        var bundle = Collected(isPacked);

        // The second time the overview is one that was kept.
        for (var time = 0; time < 2; time++)
        {
            var list = CommandLine.Run("list", bundle);
            list.ExitCode.ShouldBe(ExitCodes.Success);
            list.Error.ShouldContain($"{bundle}: was collected, and {Words}; this is from the rest\n");
            Of(CommandLine.Run("list", bundle, "--json"))!["collected"]!.ToJsonString().ShouldBe(Hole);
        }

        CommandLine.Run("inspect", bundle).Out.ShouldContain($"  collected; {Words}\n");
        Of(CommandLine.Run("inspect", bundle, "--json"))!["result"]!["collected"]!.ToJsonString().ShouldBe(Hole);
    }

    [Fact]
    public void Of_any_other_rollout_nothing_is_said()
    {
        var bundle = directory.Copy("cell-wait", "whole");

        CommandLine.Run("list", bundle).Error.ShouldNotContain("collected");
        CommandLine.Run("inspect", bundle).Out.ShouldNotContain("collected");
        Of(CommandLine.Run("list", bundle, "--json"))!.AsObject().ContainsKey("collected").ShouldBeFalse();
        Of(CommandLine.Run("inspect", bundle, "--json"))!["result"]!.AsObject().ContainsKey("collected").ShouldBeFalse();
    }

    [Fact]
    public void Packed_and_unpacked_the_manifest_is_byte_for_byte_what_it_was_and_a_copy_without_secrets_says_it_too()
    {
        var bundle = Collected(isPacked: false);
        var manifest = File.ReadAllText(Path.Join(bundle, "manifest.json"));
        var packed = bundle + ".rollout.tar.zst";
        CommandLine.Run("pack", bundle).ExitCode.ShouldBe(ExitCodes.Success);

        CommandLine.Run("unpack", packed, "-o", directory.Place("again")).ExitCode.ShouldBe(ExitCodes.Success);
        CommandLine.Run("redact", packed, "-o", directory.Place("redacted")).ExitCode.ShouldBe(ExitCodes.Success);

        File.ReadAllText(Path.Join(directory.Place("again"), "manifest.json")).ShouldBe(manifest);
        JsonNode.Parse(File.ReadAllText(directory.Place("redacted/manifest.json")))!["collected"]!.ToJsonString().ShouldBe(Hole);
    }

    public void Dispose() => directory.Dispose();

    private static JsonNode? Of(CommandLine run) => JsonNode.Parse(run.Out)!["bundles"]![0];

    private string Collected(bool isPacked)
    {
        var bundle = directory.Copy("cell-wait", "one");
        var file = Path.Join(bundle, "manifest.json");
        File.WriteAllText(file, File.ReadAllText(file).TrimEnd()[..^1] + $",\"collected\":{Hole}}}");
        File.AppendAllText(
            Path.Join(bundle, "trace.jsonl"),
            """{"schema_version":1,"seq":999,"wall_time_unix_ms":1770000009999,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""" + "\n");
        File.SetLastWriteTimeUtc(Path.Join(bundle, "trace.jsonl"), new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        if (isPacked)
        {
            CommandLine.Run("pack", bundle).ExitCode.ShouldBe(ExitCodes.Success);
        }

        return isPacked ? bundle + ".rollout.tar.zst" : bundle;
    }
}
