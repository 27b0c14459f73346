using System.Diagnostics;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests;

/// <summary>
/// Whole command lines on bundles from strangers: every command ends with a named exit code, says what it has to say, and touches
/// nothing but what it is to write. Set ROLLOUT_TRACE_FUZZ_RUNS for a long run and ROLLOUT_TRACE_FUZZ_SEED for another one.
/// </summary>
public sealed class HostileBundleTests : IDisposable
{
    private readonly TestDirectory directory = new();

    private string[][] Commands(string bundle) =>
    [
        ["reduce", bundle],
        ["reduce", bundle, "--strict", "-o", directory.Place("out/strict.json")],
        ["reduce", bundle, "--format", "json"],
        ["list", bundle, "--format", "json"],
        ["inspect", bundle],
        ["inspect", bundle, "--failed", "--format", "json"],
        ["inspect", bundle, "--slowest", "5"],
        ["anomalies", bundle],
        ["anomalies", bundle, "--format", "json"],
        ["transcript", bundle],
        ["transcript", bundle, "--format", "json"],
        ["explain", bundle, "call"],
        ["explain", bundle, "conversation_item:1", "--format", "json"],
        ["grep", "-F", "e", bundle],
        ["grep", "[a-z]+", bundle, "--format", "json"],
        ["validate", bundle],
        ["validate", Path.Join(bundle, "state.json")],
        ["export", "otlp-json", bundle, "-o", directory.Place("out/spans.json")],
        ["scrub", bundle, "-o", directory.Place("out/scrubbed")],
        ["view", bundle, "-o", directory.Place("out/page.html")],
    ];

    public void Dispose() => directory.Dispose();

    [Fact]
    public void ADamagedBundle_EveryCommandEndsWithANamedExitCodeAndTouchesNothingElse()
    {
        var cases = TestDirectory.CaseNames.ToArray();
        for (var run = 0; run < Search.Runs(25); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            var random = new Random(seed);
            var bundle = directory.Copy(cases[random.Next(cases.Length)], "bundle");
            Directory.CreateDirectory(Path.Join(bundle, "payloads"));
            BundleDamage.Inflict(random, bundle, TestDirectory.Cases);
            DamageManifest(random, Path.Join(bundle, "manifest.json"));
            var before = Evidence();
            foreach (var command in Commands(bundle))
            {
                Directory.CreateDirectory(directory.Place("out"));
                Run(seed, command).ExitCode.ShouldBeOneOf(ExitCodes.Success, ExitCodes.Findings, ExitCodes.Failure);
                Directory.Delete(directory.Place("out"), recursive: true);
                Evidence().ShouldBe(before, $"seed {seed}: {string.Join(' ', command)}");
            }

            Directory.Delete(bundle, recursive: true);
        }
    }

    [Theory]
    [InlineData("mixed-1001", "call_12")]
    [InlineData("mixed-1003", "/root")]
    [InlineData("broken-1006", "turn-0-1")]
    public void IdsAndTextsThatATerminalWouldObey_AreOnlyShownByEveryCommand(string name, string id)
    {
        // Colour, title, clipboard, a link, another direction, a line of its own, and what is wide or joins.
        const string Hostile = @"\u001b[31m\u001b]0;t\u0007\u001b]52;c;eA==\u0007\u009b2J\r\u202e\u2066\u2028\n東京👩‍👩‍👧e\u0301";
        var bundle = directory.Copy(name, "bundle");
        foreach (var file in Directory.GetFiles(bundle, "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (var prefix in new[] { "\"call_", "\"turn-", "\"gpt-", "\"conversation", "\"text\":\"", "\"text\": \"", "\"stdout\":\"", "\"message\":\"", "\"reason\":\"", "\"error\":\"", "/root/" })
            {
                text = text.Replace(prefix, prefix + Hostile, StringComparison.Ordinal);
            }

            File.WriteAllText(file, text);
        }

        Directory.CreateDirectory(directory.Place("out"));
        string[][] texts =
        [
            .. Commands(bundle).Where(static command => !command.Contains("scrub")),
            ["list", bundle],
            ["transcript", bundle, "--thread", id],
            ["transcript", bundle, "--at", id],
            ["inspect", bundle, "--thread", "\x1b[31m"],
            ["explain", bundle, id],
            ["explain", bundle, "\x1b[31m"],
            ["reduce", bundle, "\x1b[31m"],
            ["list", directory.Place("\x1b[31m")],
        ];
        var shown = "";
        foreach (var command in texts)
        {
            var run = CommandLine.Run(command);
            shown += run.Out + run.Error;
            foreach (var line in (run.Out + run.Error).Split('\n'))
            {
                // JSON escapes what a terminal obeys; the direction in which text stands is left to whoever reads it.
                var plain = line.StartsWith(' ') && command.Contains("json") || command.Contains("-o") ? line.Replace('\u202e', 'x').Replace('\u2066', 'x') : line;
                plain.ShouldBe(TerminalText.OneLine(plain), string.Join(' ', command));
            }

            if (!command.Contains("json"))
            {
                run.Out.Split('\n').Where(line => TerminalText.Columns(line) > 80 && !line.Contains(directory.Path)).ShouldBeEmpty(string.Join(' ', command));
            }
        }

        shown.ShouldContain("�[31m�]0;t�");
    }

    [Fact]
    public void StringsThatAreNoText_StopNoCommand()
    {
        const string Attributes = """{"gen_ai.agent.name":"\ud800","error.type":"\ud800","x":["a","\ud800"],"y":{"z":"\ud800"}}""";
        var bundle = directory.Copy("mixed-1001", "bundle");
        var log = Path.Join(bundle, "trace.jsonl");
        File.WriteAllLines(log, File.ReadAllLines(log).Select((line, i) =>
            $"{line[..^1]},\"otel\":{{\"trace_id\":\"0123456789abcdef0123456789abcdef\",\"span_id\":\"{i + 1:x16}\",\"attributes\":{Attributes}}}}}"));
        foreach (var file in Directory.GetFiles(Path.Join(bundle, "payloads")))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace("\"tool_name\":\"", "\"tool_name\":\"\\ud800", StringComparison.Ordinal));
        }

        Directory.CreateDirectory(directory.Place("out"));
        foreach (var command in Commands(bundle))
        {
            Run(0, command).ExitCode.ShouldBeOneOf(ExitCodes.Success, ExitCodes.Findings, ExitCodes.Failure);
        }

        File.Exists(directory.Place("out/spans.json")).ShouldBeTrue();
        Directory.Exists(directory.Place("out/scrubbed")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("trace.jsonl")]
    [InlineData("payloads/1.json")]
    [InlineData("manifest.json")]
    public void APipeWhereAFileShouldBe_IsSaidAndNotWaitedFor(string file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var bundle = directory.Copy("cell-wait", "bundle");
        File.Delete(Path.Join(bundle, file));
        using (var mkfifo = Process.Start("mkfifo", Path.Join(bundle, file)))
        {
            mkfifo.WaitForExit();
        }

        Directory.CreateDirectory(directory.Place("out"));
        foreach (var command in Commands(bundle).Where(command => command[1] != Path.Join(bundle, "state.json")))
        {
            Run(0, command).ExitCode.ShouldBeOneOf(ExitCodes.Success, ExitCodes.Findings, ExitCodes.Failure);
        }

        var validate = CommandLine.Run("validate", bundle, "--format", "json");
        validate.ExitCode.ShouldBe(file == "payloads/1.json" ? ExitCodes.Findings : ExitCodes.Failure);
        validate.Out.ShouldContain("it is a pipe, a socket or a device, not a file");
    }

    [Theory]
    [InlineData("payloads/1.json", ExitCodes.Findings)]
    [InlineData("manifest.json", ExitCodes.Failure)]
    public void AFileOfTenGigabytes_IsRefusedBeforeItIsRead(string file, int exitCode)
    {
        var bundle = directory.Copy("cell-wait", "bundle");
        MakeSparse(Path.Join(bundle, file), 10L << 30);
        var before = GC.GetTotalAllocatedBytes();

        var run = CommandLine.Run("reduce", bundle);

        run.ExitCode.ShouldBe(exitCode);
        run.Error.ShouldContain("10737418240 bytes are more than the limit");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(512L << 20, "other tests allocate meanwhile, but nobody 10 GB");
    }

    [Fact]
    public void ALineLongerThanTheLimit_IsPassedOverByEveryCommand()
    {
        // The tenth of a gigabyte of one line, between lines that are sound.
        var bundle = directory.Copy("cell-wait", "bundle");
        var log = Path.Join(bundle, "trace.jsonl");
        var lines = File.ReadAllBytes(log);
        MakeSparse(log, 100 << 20);
        using (var file = File.OpenWrite(log))
        {
            file.Write(lines);
            file.Seek(0, SeekOrigin.End);
            file.Write("\n"u8);
            file.Write("""{"schema_version":1,"seq":99,"wall_time_unix_ms":1770000000100,"rollout_id":"r","payload":{"type":"rollout_ended","status":"failed"}}"""u8);
        }

        CommandLine.Run("list", bundle).Out.ShouldContain("failed");
        var run = CommandLine.Run("reduce", bundle);
        run.ExitCode.ShouldBe(ExitCodes.Findings);
        run.Error.ShouldContain("the line is longer than 67108864 bytes");
        Analysis.OpenRollout.Open(RolloutTrace.Bundle.BundleReader.Open(bundle)).Graph.Status.ShouldBe(Bundle.RolloutStatus.Failed);
    }

    private static CommandLine Run(int seed, string[] command)
    {
        try
        {
            return CommandLine.Run(command);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {string.Join(' ', command)}", e);
        }
    }

    private static void MakeSparse(string file, long length)
    {
        using var stream = File.Create(file);
        stream.SetLength(length);
    }

    // Most manifests stay sound: nothing behind a broken one would be reached.
    private static void DamageManifest(Random random, string file)
    {
        var text = File.ReadAllText(file);
        File.WriteAllText(file, random.Next(12) switch
        {
            0 => text.Replace("trace.jsonl", "../" + Path.GetFileName(file), StringComparison.Ordinal),
            1 => text.Replace("\"payloads\"", "\"/\"", StringComparison.Ordinal),
            2 => text.Replace("trace.jsonl", "payloads", StringComparison.Ordinal),
            3 => text[..random.Next(text.Length)],
            _ => text,
        });
    }

    // All files but what a reduction writes.
    private string[] Evidence() =>
    [
        .. Directory.GetFiles(directory.Path, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "state.json")
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}
