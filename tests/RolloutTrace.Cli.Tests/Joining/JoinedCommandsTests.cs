using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Joining;

/// <summary>A command with <c>--joined</c> says of the bundles what it says of the bundle that <c>join</c> writes.</summary>
public sealed class JoinedCommandsTests : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly string root;
    private readonly string joined;

    public JoinedCommandsTests()
    {
        root = directory.Place("traces");
        foreach (var bundle in SeveralProcesses.All().SkipLast(1))
        {
            bundle.Write(root);
        }

        joined = directory.Place("joined");
        var run = CommandLine.Run("join", root, "-o", joined);
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("validate", "--json")]
    [InlineData("inspect", "--json")]
    [InlineData("anomalies", "--json")]
    [InlineData("context", "--json")]
    [InlineData("cache", "--json")]
    [InlineData("transcript", "--json")]
    [InlineData("grep", "middle", "--json")]
    [InlineData("explain", "c1", "--json")]
    public void WhatACommandSaysOfBundles_IsWhatItSaysOfTheJoinedOne(string command, params string[] more)
    {
        var (before, options) = command is "grep" or "explain" ? (more[..1], more[1..]) : ([], more);

        var (of, expected) = command == "explain"
            ? (CommandLine.Run([command, root, .. before, .. options, "--joined"]), CommandLine.Run([command, joined, .. before, .. options]))
            : (CommandLine.Run([command, .. before, root, .. options, "--joined"]), CommandLine.Run([command, .. before, joined, .. options]));

        of.ExitCode.ShouldBe(expected.ExitCode, of.Error);
        of.Error.ShouldBe(expected.Error.Replace(joined, root, StringComparison.Ordinal));
        of.Out.ShouldBe(expected.Out.Replace(joined, root, StringComparison.Ordinal));
        expected.Out.ShouldContain(command switch { "validate" => "violations", "context" => "input_tokens", _ => "middle" });
    }

    /// <summary>A span stands below its parent, or below that to which its first link leads, as back ends show it.</summary>
    [Fact]
    public void ExportedSpans_AreOneTreeOverAllProcesses_AndTheSameEachTime()
    {
        var run = CommandLine.Run("export", "otlp-json", root, "--joined", "-o", "-");
        var ofJoined = CommandLine.Run("export", "otlp-json", joined, "-o", "-");
        run.ExitCode.ShouldBe(ofJoined.ExitCode, run.Error);
        run.Out.Replace("\"trace-recording-top-top\"", "\"joined\"", StringComparison.Ordinal).ShouldBe(ofJoined.Out);
        var spans = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(static line => JsonNode.Parse(line)!["resourceSpans"]!.AsArray())
            .SelectMany(static resource => resource!["scopeSpans"]!.AsArray())
            .SelectMany(static scope => scope!["spans"]!.AsArray())
            .ToDictionary(static span => (string)span!["spanId"]!, static span => span!, StringComparer.Ordinal);

        var roots = spans.Keys.Where(id => Above(spans[id]) is null).ToList();
        roots.ShouldHaveSingleItem();
        spans.Keys.Select(Root).Distinct().ShouldBe(roots);
        spans.Values.Count(static span => ((string)span["name"]!).StartsWith("chat ", StringComparison.Ordinal)).ShouldBe(5);

        static string? Above(JsonNode span) =>
            span["parentSpanId"] is { } parent && (string)parent! is { Length: > 0 } id ? id : (string?)span["links"]?.AsArray().FirstOrDefault()?["spanId"];

        string? Root(string id)
        {
            for (var steps = 0; steps <= spans.Count; steps++)
            {
                if (Above(spans[id]) is not { } above)
                {
                    return id;
                }

                if (!spans.ContainsKey(above))
                {
                    return $"{id} stands below {above}, which is not there";
                }

                id = above;
            }

            return $"{id} stands in a circle";
        }
    }

    [Fact]
    public void Reduce_WritesTheStateOfTheWhole_WhereItIsTold()
    {
        var state = directory.Place("state.json");

        var run = CommandLine.Run("reduce", root, "--joined", "-o", state);

        run.ExitCode.ShouldBe(CommandLine.Run("reduce", joined).ExitCode, run.Error);
        File.ReadAllText(state).ShouldBe(File.ReadAllText(Path.Join(joined, BundleLayout.StateFileName)));
        CommandLine.Run("reduce", root, "--joined").ExitCode.ShouldBe(ExitCodes.Usage);
        CommandLine.Run("reduce", root, "--joined", "--summary").Out.ShouldContain("3 agents, 4 turns, 5 requests");
    }

    [Theory]
    [InlineData("scrub", "--key")]
    [InlineData("redact", "--mark-key")]
    public void ACopy_IsThatOfTheJoinedBundle(string command, string key)
    {
        var run = CommandLine.Run(command, root, "--joined", "-o", directory.Place("copy"), key, "k");
        CommandLine.Run(command, joined, "-o", directory.Place("expected"), key, "k").ExitCode.ShouldBe(ExitCodes.Success);

        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Out.ShouldStartWith(directory.Place("copy") + "\n");
        Contents(directory.Place("copy")).ShouldBe(Contents(directory.Place("expected")));
    }

    [Fact]
    public void Pack_PacksTheWhole_WhereItIsTold_AndLeavesTheBundles()
    {
        var packed = directory.Place("whole.rollout.tar.zst");

        var run = CommandLine.Run("pack", root, "--joined", "-o", packed);

        run.ExitCode.ShouldBe(ExitCodes.Success, run.Error);
        run.Out.ShouldBe(packed + "\n");
        CommandLine.Run("unpack", packed, "-o", directory.Place("unpacked")).ExitCode.ShouldBe(ExitCodes.Success);
        Contents(directory.Place("unpacked")).ShouldBe(Contents(joined));
        Directory.GetDirectories(root).Length.ShouldBe(4);
        CommandLine.Run("pack", root, "--joined").ExitCode.ShouldBe(ExitCodes.Usage);
        CommandLine.Run("pack", root, "--joined", "--delete", "-o", directory.Place("x")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public void Diff_JoinsTheBundlesOfEachPath()
    {
        var other = directory.Place("other");
        foreach (var bundle in SeveralProcesses.All().SkipLast(2))
        {
            bundle.Write(other);
        }

        new ProcessBundle("below", zero: 90, caller: new CallerReference { RolloutId = "middle", ThreadId = "middle", ToolCallId = "c1" })
            .Start(0, nickname: "below")
            .Request(10, "r1", """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Below."}]}]""", "begun otherwise")
            .Write(other);

        var same = CommandLine.Run("diff", root, joined, "--joined", "--json");
        var run = CommandLine.Run("diff", root, other, "--joined", "--json");

        same.ExitCode.ShouldBe(ExitCodes.Success, same.Error + same.Out);
        run.ExitCode.ShouldBe(ExitCodes.Findings, run.Error);
        var document = JsonNode.Parse(run.Out)!;
        document["a"]!["bundle"]!.GetValue<string>().ShouldBe(root);
        var difference = document["differences"]!.AsArray().ShouldHaveSingleItem()!;
        difference["kind"]!.GetValue<string>().ShouldBe("choice");
        difference["a"]!["thread"]!.GetValue<string>().ShouldBe("/root/middle/below");
    }

    [Fact]
    public void ABundleThatCannotBeJoined_IsSaid_AndNothingElseIsDone()
    {
        SeveralProcesses.Alone().Write(root);

        foreach (var command in new[] { "validate", "inspect", "anomalies" })
        {
            var run = CommandLine.Run(command, root, "--joined");

            run.ExitCode.ShouldBe(ExitCodes.Failure);
            run.Error.ShouldContain("the parts are 2 trees, and one has to be chosen");
        }

        CommandLine.Run("pack", root, "--joined", "-o", directory.Place("x.rollout.tar.zst")).ExitCode.ShouldBe(ExitCodes.Failure);
        File.Exists(directory.Place("x.rollout.tar.zst")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("diff", "traces")]
    [InlineData("view", "-o", "-")]
    public async Task WhatIsJoinedForACommand_IsGoneAfterwards(string command, params string[] more)
    {
        var temporary = Directory.CreateDirectory(directory.Place("tmp")).FullName;
        using var process = ServeProcess.Start([command, root, .. more.Select(word => word == "traces" ? root : word), "--joined"], new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = temporary });
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        process.ExitCode.ShouldBe(ExitCodes.Success, await error + await output);
        Directory.GetFileSystemEntries(temporary, "rollout-trace-*").ShouldBeEmpty();
    }

    private static Dictionary<string, string> Contents(string bundle) => Directory.GetFiles(bundle, "*", SearchOption.AllDirectories)
        .Where(static file => Path.GetFileName(file) is not (BundleLayout.StateFileName or BundleLayout.OverviewFileName))
        .ToDictionary(file => Path.GetRelativePath(bundle, file), File.ReadAllText, StringComparer.Ordinal);
}
