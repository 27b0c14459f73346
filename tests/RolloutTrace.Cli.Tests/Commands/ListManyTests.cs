using System.Globalization;
using System.Text;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli.Tests.Commands;

public sealed class ListManyTests : IDisposable
{
    private const string Case = "multi-1007";

    private static readonly DateTimeOffset LongAfter = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestDirectory directory = new();

    [Fact]
    public void TheSecondList_SaysTheSame_WithoutReadingTheLog()
    {
        var bundle = directory.Copy(Case, "a");
        var first = List(bundle);
        var kept = File.ReadAllText(Path.Join(bundle, ".overview.json"));
        kept.ShouldNotContain(directory.Path);

        // What is kept is what is listed; only then can it be another.
        var status = File.ReadAllText(Path.Join(bundle, ".overview.json")).Replace("\"turns\":", "\"turns\":7", StringComparison.Ordinal);
        List(bundle).ShouldBe(first);
        File.WriteAllText(Path.Join(bundle, ".overview.json"), status);
        List(bundle).ShouldNotBe(first);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"key\":\"x\",\"overview\":null}")]
    [InlineData("\0\0\0\0")]
    public void Garbage_IsPassedOver_AndReplaced(string garbage)
    {
        var bundle = directory.Copy(Case, "a");
        var first = List(bundle);
        var kept = File.ReadAllText(Path.Join(bundle, ".overview.json"));
        File.WriteAllText(Path.Join(bundle, ".overview.json"), garbage);

        List(bundle).ShouldBe(first);

        File.ReadAllText(Path.Join(bundle, ".overview.json")).ShouldBe(kept);
    }

    [Theory]
    [InlineData("trace.jsonl")]
    [InlineData("manifest.json")]
    public void WhatChangesTheEvidence_EndsTheCache(string file)
    {
        var bundle = directory.Copy(Case, "a");
        List(bundle);
        var lie = File.ReadAllText(Path.Join(bundle, ".overview.json")).Replace("\"turns\":", "\"turns\":7", StringComparison.Ordinal);
        File.WriteAllText(Path.Join(bundle, ".overview.json"), lie);
        File.AppendAllText(Path.Join(bundle, file), "\n");

        List(bundle).ShouldBe(List(Copied(bundle)).Replace(directory.Place("copy"), bundle, StringComparison.Ordinal));
    }

    [Fact]
    public void ACacheThatComesWithACopy_NeverCounts()
    {
        var bundle = directory.Copy(Case, "a");
        var first = List(bundle);
        var lie = File.ReadAllText(Path.Join(bundle, ".overview.json")).Replace("\"turns\":", "\"turns\":7", StringComparison.Ordinal);
        var copy = Copied(bundle);
        File.WriteAllText(Path.Join(copy, ".overview.json"), lie);
        foreach (var name in new[] { "trace.jsonl", "manifest.json" })
        {
            File.SetLastWriteTimeUtc(Path.Join(copy, name), File.GetLastWriteTimeUtc(Path.Join(bundle, name)));
        }

        Directory.SetLastWriteTimeUtc(Path.Join(copy, "payloads"), Directory.GetLastWriteTimeUtc(Path.Join(bundle, "payloads")));

        List(copy).Replace(copy, bundle, StringComparison.Ordinal).ShouldBe(first);
    }

    [Fact]
    public void ALinkInItsPlace_IsNotFollowed()
    {
        var bundle = directory.Copy(Case, "a");
        var first = List(bundle);
        File.Move(Path.Join(bundle, ".overview.json"), directory.Place("elsewhere"));
        File.WriteAllText(directory.Place("mine"), "kept");
        File.CreateSymbolicLink(Path.Join(bundle, ".overview.json"), directory.Place("mine"));

        List(bundle).ShouldBe(first);

        File.ReadAllText(directory.Place("mine")).ShouldBe("kept");
    }

    [Fact]
    public void WhatAKilledListHasLeft_GoesWithTheNext()
    {
        directory.Copy(Case, "root/a");
        var (left, mine) = (directory.Place("root/.b.overview.json.12-3.tmp"), directory.Place("root/.b.overview.json.mine.tmp"));
        foreach (var file in new[] { left, mine })
        {
            File.WriteAllText(file, "half");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        CommandLine.Run("list", directory.Place("root")).ExitCode.ShouldBe(0);

        (File.Exists(left), File.Exists(mine)).ShouldBe((false, true));
    }

    [Theory]
    [InlineData("2026-02-01T12:00:00.5000000Z", 0.9, false)]
    [InlineData("2026-02-01T12:00:00.5000000Z", 1.1, true)]
    [InlineData("2026-02-01T12:00:00.0000000Z", 4.9, false)]
    [InlineData("2026-02-01T12:00:00.0000000Z", 5.1, true)]
    public void WhatEndedAMomentAgo_IsKept_OnceALaterWriteWouldShow(string writtenAt, double seconds, bool isKept)
    {
        var bundle = directory.Copy(Case, "a");
        var written = DateTimeOffset.Parse(writtenAt, CultureInfo.InvariantCulture);
        File.SetLastWriteTimeUtc(Path.Join(bundle, "trace.jsonl"), written.UtcDateTime);

        CommandLine.Run(written.AddSeconds(seconds), "list", bundle).ExitCode.ShouldBe(0);

        File.Exists(Path.Join(bundle, ".overview.json")).ShouldBe(isKept);
    }

    [Fact]
    public void OfARolloutWithoutEnd_NothingIsKept()
    {
        var bundle = directory.Copy(Case, "a");
        var log = File.ReadAllLines(Path.Join(bundle, "trace.jsonl"));
        File.WriteAllLines(Path.Join(bundle, "trace.jsonl"), log.Where(static line => !line.Contains("rollout_ended", StringComparison.Ordinal)));

        List(bundle);

        File.Exists(Path.Join(bundle, ".overview.json")).ShouldBeFalse();
    }

    [Fact]
    public void APackedRollout_IsListedByItsSummary_AsLongAsThatIsItsOwn()
    {
        var (bundle, other) = (directory.Copy(Case, "a"), directory.Copy("mixed-1018", "b"));
        var ofBundle = List(bundle);
        CommandLine.Run(LongAfter, "pack", bundle, "--delete").ExitCode.ShouldBe(0);
        CommandLine.Run(LongAfter, "pack", other, "--delete").ExitCode.ShouldBe(0);
        var packed = $"{bundle}.rollout.tar.zst";
        var bytes = File.ReadAllBytes(packed);
        var summary = bytes.AsSpan().LastIndexOf("{\"version\":1"u8);
        Encoding.UTF8.GetString(bytes.AsSpan(summary)).ShouldNotContain(directory.Path);

        List(packed).Replace(packed, bundle, StringComparison.Ordinal).ShouldBe(ofBundle);

        // The summary alone tells: what is before it is damaged, behind the manifest.
        bytes[summary - 40] ^= 1;
        File.WriteAllBytes(packed, bytes);
        List(packed).Replace(packed, bundle, StringComparison.Ordinal).ShouldBe(ofBundle);

        // One bit of the summary, and it is none.
        bytes[summary - 40] ^= 1;
        bytes[bytes.AsSpan().LastIndexOf("\"turns\":"u8) + 8] ^= 1;
        File.WriteAllBytes(packed, bytes);
        List(packed).Replace(packed, bundle, StringComparison.Ordinal).ShouldBe(ofBundle);

        // Another rollout's.
        var others = File.ReadAllBytes($"{other}.rollout.tar.zst");
        var cut = others.AsSpan().LastIndexOf("{\"version\":1"u8) - 8;
        File.WriteAllBytes(packed, [.. bytes.AsSpan(0, summary - 8), .. others.AsSpan(cut)]);
        List(packed).Replace(packed, bundle, StringComparison.Ordinal).ShouldBe(ofBundle);
    }

    [Fact]
    public void APackedRollout_WithoutASummary_IsReadOnce_AndNoMoreIsKeptThanItself()
    {
        var (packed, kept) = PackedWithoutSummary();
        var first = List(directory.Place("root"));
        var overview = File.ReadAllText(kept);
        overview.ShouldNotContain(directory.Path);

        List(directory.Place("root")).ShouldBe(first);
        File.WriteAllText(kept, overview.Replace("\"turns\":", "\"turns\":7", StringComparison.Ordinal));
        List(packed).ShouldNotBe(first);
        List(directory.Place("root")).ShouldNotBe(first);

        // Other bytes, and it is another file.
        var bytes = File.ReadAllBytes(packed);
        File.Delete(packed);
        File.WriteAllBytes(packed, bytes);
        List(directory.Place("root")).ShouldBe(first);

        File.WriteAllBytes(packed, bytes[..^100]);
        CommandLine.Run(LongAfter, "list", packed).Error.ShouldContain("it is cut off");
        CommandLine.Run(LongAfter, "list", packed).Error.ShouldContain("it is cut off");

        File.Delete(packed);
        string[] mine = [directory.Place("root/.mine.overview.json"), directory.Place("root/.overview.json")];
        Array.ForEach(mine, static path => File.WriteAllText(path, "{\"version\":1}"));
        CommandLine.Run(LongAfter, "list", directory.Place("root"));
        Directory.GetFiles(directory.Place("root")).Order(StringComparer.Ordinal).ShouldBe(mine);
    }

    [Fact]
    public void WithoutTokens_NothingIsKeptOfAPackedRollout()
    {
        var (packed, kept) = PackedWithoutSummary();

        CommandLine.Run(LongAfter, "list", packed, "--no-tokens").ExitCode.ShouldBe(0);

        File.Exists(kept).ShouldBeFalse();
    }

    [Fact]
    public void ABundleThatWasListed_IsPackedWithoutTheCache_AndDeletedWithIt()
    {
        var bundle = directory.Copy(Case, "a");
        CommandLine.Run(LongAfter, "pack", bundle, "-o", directory.Place("before")).ExitCode.ShouldBe(0);
        List(bundle);

        CommandLine.Run(LongAfter, "pack", bundle, "--delete").ExitCode.ShouldBe(0);

        Directory.Exists(bundle).ShouldBeFalse();
        File.ReadAllBytes($"{bundle}.rollout.tar.zst").ShouldBe(File.ReadAllBytes(directory.Place("before")));
    }

    public void Dispose() => directory.Dispose();

    private static string List(string path)
    {
        var run = CommandLine.Run(LongAfter, "list", path, "--json");
        run.ExitCode.ShouldBe(0, run.Out);
        return run.Out;
    }

    // As a recorder leaves it, which knows nothing of overviews.
    private (string Packed, string Kept) PackedWithoutSummary()
    {
        var packed = directory.Place("root/a.rollout.tar.zst");
        Directory.CreateDirectory(directory.Place("root"));
        BundlePacker.Pack(directory.Copy(Case, "a"), packed, new PackOptions());
        return (packed, directory.Place("root/.a.overview.json"));
    }

    private string Copied(string bundle)
    {
        foreach (var file in Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith(".overview.json", StringComparison.Ordinal)))
        {
            var copy = Path.Join(directory.Place("copy"), Path.GetRelativePath(bundle, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        return directory.Place("copy");
    }
}
