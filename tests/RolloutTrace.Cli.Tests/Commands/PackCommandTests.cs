using System.Diagnostics;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class PackCommandTests : IDisposable
{
    private const string Case = "cell-source-item-order";

    private static readonly DateTimeOffset LongAfter = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestDirectory directory = new();

    [Fact]
    public void Pack_WritesBesideTheBundle_AndUnpackGivesItBack()
    {
        var bundle = directory.Copy(Case);
        var files = FilesOf(bundle);

        var packed = CommandLine.Run(LongAfter, "pack", bundle, "--delete");

        packed.ExitCode.ShouldBe(0, packed.Error);
        packed.Out.ShouldBe($"{bundle}.rollout.tar.zst\n");
        packed.Error.ShouldContain($"{bundle}: {files.Count} files, ");
        packed.Error.ShouldContain("; the bundle is deleted");
        Directory.Exists(bundle).ShouldBeFalse();

        var unpacked = CommandLine.Run("unpack", $"{bundle}.rollout.tar.zst");
        unpacked.Out.ShouldBe($"{bundle}\n");
        FilesOf(bundle).ShouldBe(files);
    }

    [Fact]
    public void Pack_OfADirectory_PacksEachBundleBelow_AndSaysOfEachWhatBecameOfIt()
    {
        directory.Copy(Case, "a");
        directory.Copy(Case, "deep/b");
        directory.Copy(Case, "c");
        File.WriteAllText(directory.Place("c/trace.jsonl"), "");
        using var writer = RolloutTrace.Bundle.BundleWriterLock.TryTake(directory.Path)!;
        var manifest = JsonNode.Parse(File.ReadAllText(directory.Place("c/manifest.json")))!;
        manifest["writer_lock"] = writer.Id;
        File.WriteAllText(directory.Place("c/manifest.json"), manifest.ToJsonString());

        var run = CommandLine.Run(LongAfter, "pack", directory.Path, "--format", "json");

        run.ExitCode.ShouldBe(2);
        var answers = JsonNode.Parse(run.Out)!["bundles"]!.AsArray();
        answers.Select(static answer => (string)answer!["bundle"]!).ShouldBe([directory.Place("a"), directory.Place("c"), directory.Place("deep/b")]);
        ((string)answers[1]!["error"]!).ShouldStartWith($"{directory.Place("c")}: is still being recorded");
        ((string)answers[2]!["result"]!["path"]!).ShouldBe(directory.Place("deep/b.rollout.tar.zst"));
        ((bool)answers[2]!["result"]!["deleted"]!).ShouldBeFalse();
    }

    [Fact]
    public void Output_IsAFileForOne_AndADirectoryForMany()
    {
        var (first, second) = (directory.Copy(Case, "a"), directory.Copy(Case, "b"));
        Directory.CreateDirectory(directory.Place("out"));

        CommandLine.Run(LongAfter, "pack", first, "-o", directory.Place("x.tar.zst")).Out.ShouldBe($"{directory.Place("x.tar.zst")}\n");
        CommandLine.Run(LongAfter, "pack", first, second, "-o", directory.Place("none")).ExitCode.ShouldBe(64);
        CommandLine.Run(LongAfter, "pack", first, second, "-o", directory.Place("out")).Out.ShouldBe($"{directory.Place("out/a.rollout.tar.zst")}\n{directory.Place("out/b.rollout.tar.zst")}\n");
        CommandLine.Run("unpack", directory.Place("out/a.rollout.tar.zst"), "-o", directory.Place("again")).Out.ShouldBe($"{directory.Place("again")}\n");

        FilesOf(directory.Place("again")).ShouldBe(FilesOf(first));
    }

    [Fact]
    public void WhatADeletionLeft_IsFinishedOff_WhereverItIsNamed()
    {
        foreach (var named in new[] { "root/a", "root", "." })
        {
            var bundle = directory.Copy(Case, "root/a");
            CommandLine.Run(LongAfter, "pack", bundle).ExitCode.ShouldBe(0);
            File.Delete(Path.Join(bundle, "manifest.json"));

            var run = CommandLine.Run(LongAfter, "pack", directory.Place(named));

            run.ExitCode.ShouldBe(0, run.Error);
            Directory.Exists(bundle).ShouldBeFalse(named);
            File.Delete($"{bundle}.rollout.tar.zst");
        }
    }

    [Fact]
    public void Unpack_OfWhatIsCutOff_GivesWhatIsBeforeThat()
    {
        var bundle = directory.Copy(Case);
        CommandLine.Run(LongAfter, "pack", bundle, "-o", directory.Place("x.rollout.tar.zst"));
        var bytes = File.ReadAllBytes(directory.Place("x.rollout.tar.zst"));
        File.WriteAllBytes(directory.Place("cut.rollout.tar.zst"), bytes[..^20]);
        File.WriteAllBytes(directory.Place("none.rollout.tar.zst"), bytes[..20]);

        var run = CommandLine.Run("unpack", directory.Place("cut.rollout.tar.zst"), directory.Place("none.rollout.tar.zst"));

        run.ExitCode.ShouldBe(2);
        run.Out.ShouldBeOneOf("", $"{directory.Place("cut")}\n");
        run.Error.ShouldContain($"{directory.Place("none.rollout.tar.zst")}: cannot be read before its first member: it is cut off");
        Directory.Exists(directory.Place("none")).ShouldBeFalse();
    }

    [Fact]
    public void Killed_AtAnyMoment_TheBundleOrTheWholePackedFileIsThere()
    {
        var bundle = directory.Copy(Case);
        for (var i = 0; i < 300; i++)
        {
            File.WriteAllText(Path.Join(bundle, "payloads", $"{1000 + i}.json"), $"\"{i}\"");
        }

        var files = FilesOf(bundle);
        var kills = 0;
        for (var moment = 0; moment < 14; moment++)
        {
            using (var process = StartPacking(bundle))
            {
                // Whatever it has come to by then: what has to hold, holds always.
                if (!process.WaitForExit(150 + (moment * 25)))
                {
                    kills++;
                    process.Kill();
                    process.WaitForExit();
                }
            }

            if (!Directory.Exists(bundle) || !FilesOf(bundle).SequenceEqual(files))
            {
                if (Directory.Exists(bundle))
                {
                    File.Exists(Path.Join(bundle, "manifest.json")).ShouldBeFalse();
                    CommandLine.Run("pack", bundle).ExitCode.ShouldBe(0);
                    Directory.Exists(bundle).ShouldBeFalse();
                }

                CommandLine.Run("unpack", $"{bundle}.rollout.tar.zst").ExitCode.ShouldBe(0);
                FilesOf(bundle).ShouldBe(files);
            }

            File.Delete($"{bundle}.rollout.tar.zst");
        }

        kills.ShouldBeGreaterThan(0);
        CommandLine.Run(LongAfter, "pack", bundle).ExitCode.ShouldBe(0);
        Directory.GetFiles(directory.Path).ShouldBe([$"{bundle}.rollout.tar.zst"]);
    }

    public void Dispose() => directory.Dispose();

    private static Process StartPacking(string bundle) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", Path.Join(AppContext.BaseDirectory, "rollout-trace.dll"), "pack", bundle, "--delete"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static List<string> FilesOf(string bundle) =>
        [.. Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(bundle, file)} {Convert.ToHexString(File.ReadAllBytes(file))}")];
}
