using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class JoinCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Join_WritesOneBundle_AndNamesWhatStaysApart()
    {
        Write("a", caller: null);
        Write("b", new CallerReference { RolloutId = "a" });
        Write("c", new CallerReference { RolloutId = "nobody" });
        var output = directory.Place("joined");

        var run = CommandLine.Run("join", directory.Path, "-o", output);

        run.ExitCode.ShouldBe(1, run.Error);
        run.Out.ShouldBe($"{output}\n");
        run.Error.ShouldBe($"2 bundles joined: 4 events, 3 payloads\n{directory.Place("trace-c")}: stays apart: its caller, rollout nobody, is not among the parts\n");
        CommandLine.Run("inspect", output).Out.ShouldContain("2 agents");
    }

    [Fact]
    public void Join_Json()
    {
        Write("a", caller: null);
        Write("b", new CallerReference { RolloutId = "a" });

        var run = CommandLine.Run("join", directory.Path, "-o", directory.Place("joined"), "--format", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        JsonNode.Parse(run.Out)!["parts"]!.AsArray().Select(part => (string?)part!["rollout_id"]).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Join_IntoOneOfTheBundles_OrOfSeveralTrees_WritesNothing()
    {
        Write("a", caller: null);
        Write("b", caller: null);

        CommandLine.Run("join", directory.Path, "-o", directory.Place("trace-a/x")).Error.ShouldEndWith("which is to be joined\n");
        var run = CommandLine.Run("join", directory.Path, "-o", directory.Place("joined"));

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith("error: the parts are 2 trees, and one has to be chosen: a (");
        Directory.Exists(directory.Place("joined")).ShouldBeFalse();
        CommandLine.Run("join", directory.Path, "-o", directory.Place("joined"), "--root", "b").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Joined_ReadsThemAsOne_AndASingleOneSaysThatOthersBelongToIt()
    {
        Write("a", caller: null);
        Write("b", new CallerReference { RolloutId = "a" });

        var alone = CommandLine.Run("inspect", directory.Place("trace-a"));
        var joined = CommandLine.Run("inspect", directory.Path, "--joined");

        alone.Error.ShouldBe($"{directory.Place("trace-a")}: another bundle beside it belongs to it: with --joined, or 'rollout-trace join', they are read as one\n");
        joined.Error.ShouldBe("");
        joined.Out.ShouldContain("2 agents");
        joined.Out.ShouldNotContain("next:");
        CommandLine.Run("view", directory.Path, "--joined", "-o", directory.Place("page.html")).ExitCode.ShouldBe(0);
        CommandLine.Run("export", "otlp-json", directory.Path, "--joined", "-o", directory.Place("spans.json")).ExitCode.ShouldBe(0);
        CommandLine.Run("list", directory.Path).Out.ShouldContain("(called by a)");
    }

    private void Write(string name, CallerReference? caller)
    {
        var manifest = new BundleManifest { TraceId = $"recording-{name}", RolloutId = name, RootThreadId = name, StartedAtUnixMs = 1_770_000_000_000, Caller = caller };
        using var writer = BundleWriter.Create(directory.Place($"trace-{name}"), manifest);
        writer.WritePayload(1, """{"agent_path":"/root","session_source":"exec","model":"gpt-5"}"""u8);
        RawEventPayload[] events =
        [
            new RolloutStartedEvent { TraceId = manifest.TraceId, RootThreadId = name },
            new ThreadStartedEvent { ThreadId = name, AgentPath = "/root", MetadataPayload = PayloadReference.ForNumber(1, PayloadKind.SessionMetadata) },
        ];
        foreach (var (payload, index) in events.Select((payload, index) => (payload, index)))
        {
            writer.Append(new RawEvent { Seq = index + 1, WallTimeUnixMs = manifest.StartedAtUnixMs, RolloutId = name, ThreadId = index == 0 ? null : name, Payload = payload });
        }
    }
}
