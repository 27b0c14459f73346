using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Bundles;

public sealed class BundleFinderTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    public static TheoryData<string> Archives => [.. BundleArchives.Extensions];

    // A bundle is whole in such a directory for a moment, and for good where whoever filled or deleted it was killed.
    [Fact]
    public void What_is_unfinished_is_no_other_rollout_and_what_only_has_such_a_name_is_found()
    {
        foreach (var name in new[] { "a", ".a.0123456789abcdef0123456789abcdef.tmp", ".trace-a.removed", ".hidden", ".a.tmp", ".a.0123456789abcdef0123456789abcdeX.tmp", "a.0123456789abcdef0123456789abcdef.tmp", ".kept.removed" })
        {
            Bundle(name, rolloutId: "r1", startedAt: 1);
        }

        string[] found = [directory.Place(".a.0123456789abcdef0123456789abcdeX.tmp"), directory.Place(".a.tmp"), directory.Place(".hidden"), directory.Place(".kept.removed"), directory.Place("a"), directory.Place("a.0123456789abcdef0123456789abcdef.tmp")];

        BundleFinder.Below(directory.Path).Select(static bundle => bundle.Path).ShouldBe(found);
    }

    // A recorder that is killed while it makes a bundle leaves this for good.
    [Fact]
    public void What_was_never_begun_is_said_to_be_that()
    {
        Directory.CreateDirectory(directory.Place("trace-a-b/payloads"));
        File.WriteAllText(directory.Place("trace-a-b/trace.jsonl"), "");
        Directory.CreateDirectory(directory.Place("trace-a-c"));
        File.WriteAllText(directory.Place("trace-a-c/trace.jsonl"), "{}\n");

        Run("validate", directory.Place("trace-a-b")).Error.ShouldBe(
            $"error: {directory.Place("trace-a-b")}: is a rollout's that was not begun: its recorder ended before it had written the manifest, and nothing was recorded in it\n");
        Run("validate", directory.Place("trace-a-c")).Error.ShouldContain("is missing, though there is an event log");
    }

    [Fact]
    public void Last_is_the_newest_rollout_below_the_root()
    {
        Bundle("old", rolloutId: "r1", startedAt: 1);
        Bundle("below/new", rolloutId: "r2", startedAt: 3);
        Bundle("young", rolloutId: "r3", startedAt: 2);

        BundlesOf("last").ShouldBe([directory.Place("below/new")]);
    }

    [Theory]
    [InlineData("01a21cde-aaaa-7175-9c1e-65f301e0bb46", "a")]
    [InlineData("01a21cde-aaaa", "a")]
    [InlineData("65f301e0bb46", "a")]
    [InlineData("recording-b", "b")]
    [InlineData("b", "b")]
    [InlineData("trace-long", "trace-long-name")]
    [InlineData("name", "trace-long-name")]
    // Whole names count for more than parts of others.
    [InlineData("exact", "exact")]
    public void A_rollout_is_meant_by_the_beginning_or_end_of_its_ids_and_its_directory(string word, string expected)
    {
        Bundle("a", "01a21cde-aaaa-7175-9c1e-65f301e0bb46", traceId: "recording-a");
        Bundle("b", "01a21cde-bbbb-7175-9c1e-65f301e0bb47", traceId: "recording-b");
        Bundle("trace-long-name", "r3", traceId: "t3");
        Bundle("exact", "r4", traceId: "t4");
        Bundle("exact-2", "r5", traceId: "t5");

        BundlesOf(word).ShouldBe([directory.Place(expected)]);
    }

    [Fact]
    public void What_means_several_names_them_newest_first()
    {
        Bundle("a", "01a21cde-a", startedAt: 1_770_000_000_000);
        Bundle("b", "01a21cde-b", startedAt: 1_770_000_001_000);

        var run = Run("inspect", "01a21cde");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldBe($"error: 01a21cde: means 2 rollouts in {directory.Path}: b of 2026-02-02 02:40:01, a of 2026-02-02 02:40:00\n");
    }

    [Fact]
    public void What_means_nothing_says_where_it_was_looked_for()
    {
        Bundle("a", "r1");

        Run("inspect", "zzz").Error.ShouldBe($"error: zzz: no such file or directory, and no rollout in {directory.Path} has an id or a directory that begins or ends so\n");
        Run("inspect", "a/zzz").Error.ShouldBe("error: a/zzz: no such file or directory\n");
        CommandLine.Run(new Surroundings { Environment = { ["ROLLOUT_TRACE_ROOT"] = directory.Place("nowhere") } }, "inspect", "last").Error
            .ShouldBe($"error: last: no such file or directory, and there is no {directory.Place("nowhere")} to look for a rollout in (ROLLOUT_TRACE_ROOT names another)\n");
        CommandLine.Run(new Surroundings { Environment = { ["ROLLOUT_TRACE_ROOT"] = directory.Place("a/payloads") } }, "inspect", "last").Error
            .ShouldStartWith("error: last: ");
    }

    [Fact]
    public void A_path_that_is_there_is_meant_whatever_the_root_holds()
    {
        Bundle("last", "r1", startedAt: 1);
        Bundle("newer", "r2", startedAt: 2);

        BundlesOf(directory.Place("last")).ShouldBe([directory.Place("last")]);
    }

    [Theory]
    [InlineData("inspect", "{}")]
    [InlineData("list", "{}")]
    [InlineData("anomalies", "{}")]
    [InlineData("transcript", "{}")]
    [InlineData("context", "{}")]
    [InlineData("cache", "{}")]
    [InlineData("explain", "{} /root")]
    [InlineData("grep", "-F e {}")]
    [InlineData("validate", "{}")]
    [InlineData("reduce", "{} -o -")]
    [InlineData("export otlp-json", "{} -o -")]
    public void Every_command_takes_words_and_archives_for_a_bundle(string command, string arguments)
    {
        directory.Copy("mixed-1001", "bundle");
        string[] Line(string path) => [.. command.Split(' '), .. arguments.Replace("{}", path, StringComparison.Ordinal).Split(' ')];
        string Said(CommandLine run, string path) => $"{run.ExitCode}\n{run.Out}\n{run.Error}".Replace(path, "<bundle>", StringComparison.Ordinal);
        var expected = Said(Run(Line(directory.Place("bundle"))), directory.Place("bundle"));

        Said(Run(Line("last")), directory.Place("bundle")).ShouldBe(expected);
        foreach (var extension in BundleArchives.Extensions.Where(_ => command is not ("list" or "inspect")))
        {
            var file = directory.Place($"packed.{extension}");
            BundleArchives.Pack(directory.Place("bundle"), file, withName: true);
            Said(Run(Line(file)), file).ShouldBe(expected, extension);
        }
    }

    [Theory]
    [InlineData("scrub")]
    [InlineData("redact")]
    public void A_copy_of_an_archive_is_a_bundle(string command)
    {
        directory.Copy("mixed-1001", "bundle");
        BundleArchives.Pack(directory.Place("bundle"), directory.Place("packed.tar.gz"), withName: true);

        Run(command, directory.Place("packed.tar.gz"), "-o", directory.Place("out")).ExitCode.ShouldBe(ExitCodes.Success);
        Run(command, "packed.tar.gz", "-o", directory.Place("out2")).ExitCode.ShouldBe(ExitCodes.Failure);
        Run(command, "bundle", "-o", directory.Place("out3")).Out.ShouldStartWith(directory.Place("out3"));

        File.Exists(directory.Place("out/manifest.json")).ShouldBeTrue();
        File.Exists(directory.Place("out3/manifest.json")).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Archives))]
    public void An_archive_with_several_bundles_means_all_and_each_by_its_name_in_it(string extension)
    {
        directory.Copy("mixed-1001", "root/1");
        directory.Copy("cell-wait", "root/2");
        var file = directory.Place($"packed.{extension}");
        BundleArchives.Pack(directory.Place("root"), file, withName: false);

        BundlesOf(file).ShouldBe([$"{file}/1", $"{file}/2"]);
        BundlesOf($"{file}/2").ShouldBe([$"{file}/2"]);
        Run("explain", $"{file}/1", "/root").ExitCode.ShouldBe(ExitCodes.Success);
        Run("inspect", $"{file}/3").Error.ShouldBe($"error: {file}/3: holds no bundle (a directory with manifest.json)\n");
    }

    [Fact]
    public void What_can_be_imported_is_said_to_be_and_nothing_else_is()
    {
        var log = Write("my logs/day/session.jsonl", """{"type":"session_meta","timestamp":"2026-01-01T00:00:00Z","payload":{"id":"s","timestamp":"2026-01-01T00:00:00Z"}}""");
        var spans = Write("spans.json", """{"resourceSpans":[]}""");
        var other = Write("package.json", """{"name":"session_meta"}""");
        Write("others/notes.jsonl", "{}\n");

        Problem(log).ShouldBe($"{log}: is no bundle; `rollout-trace import '{log}' -o DIR` makes bundles of what is recorded in it");
        Run("validate", log).Error.ShouldBe($"error: {Problem(log)}\n");
        Problem(spans).ShouldBe($"{spans}: is no bundle; `rollout-trace import {spans} -o DIR` makes bundles of what is recorded in it");
        Problem(directory.Place("my logs")).ShouldBe(
            $"{directory.Place("my logs")}: holds no bundle (a directory with manifest.json); `rollout-trace import '{directory.Place("my logs")}' -o DIR` makes bundles of what is recorded in it");
        Problem(other).ShouldBe($"{other}: is a file, and no packed rollout, zip, tar, tar.gz or tar.zst; give the bundle's directory, or its manifest.json or trace.jsonl");
        Problem(directory.Place("others")).ShouldBe($"{directory.Place("others")}: holds no bundle (a directory with manifest.json)");
    }

    [Fact]
    public void Into_an_archive_no_state_is_written()
    {
        directory.Copy("mixed-1001", "bundle");
        BundleArchives.Pack(directory.Place("bundle"), directory.Place("packed.zip"), withName: true);

        Run("reduce", directory.Place("packed.zip")).Error.ShouldBe($"error: {directory.Place("packed.zip")}: is an archive, into which no state is written; --output says where to\n");
        Run("reduce", directory.Place("packed.zip"), "-o", directory.Place("state.json")).ExitCode.ShouldBe(ExitCodes.Success);
    }

    private void Bundle(string place, string rolloutId, long startedAt = 1, string traceId = "t")
    {
        Directory.CreateDirectory(Path.Join(directory.Place(place), "payloads"));
        File.WriteAllText(
            Path.Join(directory.Place(place), "manifest.json"),
            new JsonObject
            {
                ["schema_version"] = 1,
                ["trace_id"] = traceId,
                ["rollout_id"] = rolloutId,
                ["root_thread_id"] = rolloutId,
                ["started_at_unix_ms"] = startedAt,
                ["raw_event_log"] = "trace.jsonl",
                ["payloads_dir"] = "payloads",
            }.ToJsonString());
        File.WriteAllText(Path.Join(directory.Place(place), "trace.jsonl"), "");
    }

    private string Write(string name, string text)
    {
        var file = directory.Place(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private string Problem(string path)
    {
        var run = Run("inspect", path);
        run.ExitCode.ShouldBe(ExitCodes.Failure);
        return run.Error["error: ".Length..].TrimEnd('\n');
    }

    private CommandLine Run(params string[] arguments) => CommandLine.Run(new Surroundings { Environment = { ["ROLLOUT_TRACE_ROOT"] = directory.Path } }, arguments);

    private List<string> BundlesOf(string word)
    {
        var run = Run("list", word, "--format", "json");
        run.ExitCode.ShouldBe(ExitCodes.Success, run.Out);
        return [.. JsonNode.Parse(run.Out)!["bundles"]!.AsArray().Select(bundle => bundle!["bundle"]!.GetValue<string>()).Order(StringComparer.Ordinal)];
    }
}
