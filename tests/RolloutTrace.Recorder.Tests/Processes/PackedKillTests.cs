using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Recorder.Tests.Storage;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>A process that is killed while it packs what it records, or packs what it has recorded.</summary>
public class PackedKillTests
{
    private const string Packed = "export ROLLOUT_TRACE_TEST_STORAGE=packed";
    private const string AtEnd = "export ROLLOUT_TRACE_TEST_STORAGE=end";

    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_TEST_KILL_RUNS") ?? "4");

    /// <summary>
    /// How long after it was handed over an event is safe, in the process's ticks of 10 ms. Plain recording promises ten; the first that is packed waits until
    /// what packs it is compiled, and as long as the machine lets it.
    /// </summary>
    private const int SafeAfterTicks = 100;

    [Fact]
    public void Killed_while_recording_it_has_what_was_handed_over_before_and_is_packed_by_the_next()
    {
        var random = new Random(20260202);
        var safe = 0;
        for (var run = 0; run < Runs; run++)
        {
            using var target = new TargetProcess("record", below: MemoryDirectory.Path, shell: Packed);
            if (run % 2 == 0)
            {
                target.WaitUntilSaid("handed-over", random.Next(1, 200));
            }
            else
            {
                target.WaitUntilSaid("tick", SafeAfterTicks + random.Next(20, 100));
            }

            target.Kill();
            target.WaitForExit();

            var lastTick = target.Said("tick").Select(words => long.Parse(words[0])).Append(0).Max();
            foreach (var bundle in target.Said("handed-over").Where(words => long.Parse(words[0]) + 1 + SafeAfterTicks <= lastTick).GroupBy(words => words[1], words => int.Parse(words[2])))
            {
                using var recorded = RecordedBundle.Open(Path.Join(target.Root, bundle.Key));
                recorded.Events.Count.ShouldBeGreaterThanOrEqualTo(bundle.Max(), $"{bundle.Key}, after {lastTick} ticks");
                safe++;
            }

            foreach (var path in target.Bundles.Where(BundleReader.IsBundle))
            {
                using (var recorded = RecordedBundle.Open(path))
                {
                    recorded.Check();
                }

                // As far as it goes it can be had plain, byte for byte.
                var plain = BundleUnpacker.Unpack(path, path + ".plain").Directory;
                using (var recorded = RecordedBundle.Open(plain))
                {
                    recorded.Check();
                }

                File.ReadAllBytes(Path.Join(plain, "trace.jsonl")).ShouldBe(File.ReadAllBytes(Path.Join(path, "trace.jsonl")));
                Directory.Delete(plain, recursive: true);

                // What has no end is packed when somebody says so, since nobody writes there any more.
                var before = Events(path);
                var packed = BundlePacker.Pack(path, options: new PackOptions { Delete = true }).Path;
                Directory.Exists(path).ShouldBeFalse();
                Events(PackedFormat.WithoutExtension(packed)).ShouldBe(before);
            }
        }

        safe.ShouldBeGreaterThan(0, "nothing was killed late enough to say anything");
    }

    [Theory]
    [InlineData(Packed)]
    [InlineData(AtEnd)]
    public void Killed_while_it_packs_every_rollout_is_there_and_the_next_recorder_goes_on(string storage)
    {
        var random = new Random(20260203);
        var (plain, packed) = (0, 0);
        for (var run = 0; run < Runs; run++)
        {
            using var target = new TargetProcess("ended", "24", below: MemoryDirectory.Path, shell: storage);
            target.WaitUntilSaid("ending");
            var most = random.Next(0, 24);
            SpinWait.SpinUntil(() => Directory.GetFiles(target.Root, "*" + PackedFormat.Extension).Length >= most || target.Said("done").Length > 0, TimeSpan.FromMinutes(2)).ShouldBeTrue();
            target.Kill();
            target.WaitForExit();

            var ended = target.Said("ended").ToDictionary(words => words[0], words => int.Parse(words[1]));
            ended.Count.ShouldBe(24);
            foreach (var (name, events) in ended)
            {
                Whole(Path.Join(target.Root, name), events);
            }

            plain += target.Bundles.Count(BundleReader.IsBundle);
            packed += Directory.GetFiles(target.Root, "*" + PackedFormat.Extension).Length;
            using (var next = new RecorderFixture(o => o.Storage = new PackedStorage { PackOnEnd = storage == AtEnd }, root: target.Root))
            {
                using var session = next.StartSession();
                next.Flush();
                SpinWait.SpinUntil(() => target.Bundles.Length == 1, TimeSpan.FromMinutes(2)).ShouldBeTrue($"left: {string.Join(' ', target.Bundles)}");
                session.Complete();
                next.Provider.Dispose();
                foreach (var (name, events) in ended)
                {
                    Whole(Path.Join(target.Root, name), events);
                }

                target.Bundles.ShouldBeEmpty();
                Directory.GetFiles(target.Root, "*.tmp").ShouldBeEmpty();
            }
        }

        // Killed before the first was packed, and behind others.
        plain.ShouldBeGreaterThan(0);
        packed.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("exit", 3)]
    [InlineData("return", 3)]
    [InlineData("throw", 134)]
    public void Nothing_is_lost_however_it_ends(string scenario, int exitCode)
    {
        using var target = new TargetProcess(scenario, shell: Packed);

        target.WaitForExit().ShouldBe(exitCode, target.Errors);

        using var bundle = RecordedBundle.Open(target.Bundle);
        bundle.Events.Count.ShouldBe(int.Parse(target.Said("handed-over").Single()[0]), target.Errors);
        bundle.Check();
    }

    [Fact]
    public void Whoever_does_not_pack_does_not_load_what_packs()
    {
        using var plain = new TargetProcess("loaded", below: MemoryDirectory.Path);
        using var packed = new TargetProcess("loaded", below: MemoryDirectory.Path, shell: Packed);

        plain.WaitForExit().ShouldBe(0, plain.Errors);
        packed.WaitForExit().ShouldBe(0, packed.Errors);

        plain.Said("loaded").Select(words => words[0]).ShouldNotContain(name => name == "RolloutTrace.Packing" || name == "ZstdSharp");
        packed.Said("loaded").Select(words => words[0]).Intersect(["RolloutTrace.Packing", "ZstdSharp"]).Count().ShouldBe(2);
        packed.Bundles.ShouldBeEmpty();
    }

    [StallingDiskTheory]
    [InlineData("dispose")]
    [InlineData("exit")]
    public void A_disk_that_stands_still_does_not_keep_the_program_from_ending(string ending)
    {
        using var target = new TargetProcess("stalled", $"{ending} {StallingDisk.Stall} 1000", disk: true, shell: Packed);
        target.WaitUntilSaid("ending");

        target.WaitForExit(TimeSpan.FromSeconds(16)).ShouldBeTrue(target.Errors);

        target.WaitForExit();
        target.Pace = StallingDisk.Run;
        using var bundle = RecordedBundle.Open(target.Bundle);
        bundle.Events.Count.ShouldBe(2 + 4);
        bundle.Check();
    }

    private static void Whole(string path, int events)
    {
        using var bundle = RecordedBundle.Open(path);
        bundle.Events.Count.ShouldBe(events, path);
        bundle.Check().Status.ShouldBe(RolloutStatus.Completed);
    }

    private static long[] Events(string path)
    {
        using var bundle = RecordedBundle.Open(path);
        return [.. bundle.Events.Select(e => e.Seq)];
    }
}
