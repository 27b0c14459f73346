using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Tests.Housekeeping;

public sealed class RetentionRunTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly string root = Directory.CreateTempSubdirectory("rollout-trace-kept-").FullName;

    [Fact]
    public void What_is_too_old_goes_in_each_form()
    {
        var plain = Bundle(days: 10);
        var recording = Bundle(days: 10, storage: new PackedStorage());
        var packed = BundlePacker.Pack(Bundle(days: 10), options: new() { Delete = true }).Path;
        File.WriteAllText(PackedFormat.StateBeside(packed), "{}");
        var young = Bundle(days: 4);
        var youngPacked = BundlePacker.Pack(Bundle(days: 4), options: new() { Delete = true }).Path;

        Run(age: 5).Bundles.ShouldBe(3);

        Everything().ShouldBe(new[] { young, youngPacked }.Order(StringComparer.Ordinal));
        Directory.Exists(plain).ShouldBeFalse();
        Directory.Exists(recording).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_are_kept_to_and_the_rollouts_that_ended_first_go()
    {
        var bundles = Enumerable.Range(1, 6).Select(day => Bundle(days: 10 - day, bytes: 300_000)).ToArray();

        var (gone, bytes) = Run(bytes: 1 << 20);

        gone.ShouldBe(3);
        bytes.ShouldBeInRange(900_000, 910_000);
        Everything().ShouldBe(bundles[3..].Order(StringComparer.Ordinal));
        Run(bytes: 1 << 20).ShouldBe((0, 0));
    }

    [Fact]
    public void One_that_runs_is_never_deleted_nor_one_that_may()
    {
        using var held = BundleWriterLock.TryTake(root)!;
        var running = Bundle(days: 100, writerLock: held.Id, isEnded: false);
        var unknown = Bundle(days: 100, writerLock: null, isEnded: false);
        var ended = Bundle(days: 100, writerLock: held.Id);
        var died = Bundle(days: 100, isEnded: false);

        Run(age: 5, bytes: 1 << 20).Bundles.ShouldBe(2);

        Directory.Exists(running).ShouldBeTrue();
        Directory.Exists(unknown).ShouldBeTrue();
        Directory.Exists(ended).ShouldBeFalse("it has ended, though its recorder lives");
        Directory.Exists(died).ShouldBeFalse("its recorder is gone");
    }

    [Fact]
    public void What_only_says_that_a_rollout_ended_is_no_end()
    {
        using var held = BundleWriterLock.TryTake(root)!;
        var bundle = Bundle(days: 100, writerLock: held.Id, isEnded: false, text: """{"payload":{"type":"rollout_ended","status":"completed"}}""");

        Run(age: 5).Bundles.ShouldBe(0);

        Directory.Exists(bundle).ShouldBeTrue();
    }

    [Theory]
    [InlineData("notes.md")]
    [InlineData("payloads/notes.md")]
    [InlineData("payloads/1.txt")]
    [InlineData("sub/1.json")]
    public void A_bundle_with_something_else_in_it_is_left_alone(string name)
    {
        var bundle = Bundle(days: 100);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(bundle, name))!);
        File.WriteAllText(Path.Join(bundle, name), "mine");

        Run(age: 5).Bundles.ShouldBe(0);

        File.ReadAllText(Path.Join(bundle, name)).ShouldBe("mine");
    }

    [Fact]
    public void State_and_caches_and_what_a_killed_writer_left_go_with_their_bundle()
    {
        var bundle = Bundle(days: 100);
        foreach (var name in new[] { "state.json", ".overview.json", "manifest.json.tmp", ".state.json.0123.tmp", ".overview.json.12-3.tmp" })
        {
            File.WriteAllText(Path.Join(bundle, name), "{}");
        }

        Run(age: 5).Bundles.ShouldBe(1);

        Everything().ShouldBeEmpty();
    }

    [Fact]
    public void What_a_killed_list_left_beside_packed_rollouts_goes_and_what_only_looks_like_it_stays()
    {
        string[] mine = [".trace-a-b.overview.json.12-3", ".trace-a-b.overview.json.12-x.tmp", "trace-a-b.overview.json.12-3.tmp", ".overview.json.12-3.tmp", ".trace-a-b.overview.json.old.12-3.tmp"];
        foreach (var name in (string[])[".trace-a-b.overview.json.12-3.tmp", .. mine])
        {
            File.WriteAllText(Path.Join(root, name), "half");
            File.SetLastWriteTimeUtc(Path.Join(root, name), Now.UtcDateTime.AddMinutes(-2));
        }

        // Somebody may be writing it just now.
        File.WriteAllText(Path.Join(root, ".trace-b-c.overview.json.12-3.tmp"), "half");
        File.SetLastWriteTimeUtc(Path.Join(root, ".trace-b-c.overview.json.12-3.tmp"), Now.UtcDateTime);

        Run(age: 5).Bundles.ShouldBe(0);

        Directory.GetFiles(root).Select(Path.GetFileName).ShouldBe([.. mine, ".trace-b-c.overview.json.12-3.tmp"], ignoreOrder: true);
    }

    [Fact]
    public void What_a_recorder_left_that_was_killed_before_its_manifest_goes_after_a_day()
    {
        string[] kept = ["trace-a-b", "trace-b-c", "mine"];
        foreach (var name in (string[])["trace-c-d", .. kept])
        {
            Directory.CreateDirectory(Path.Join(root, name, "payloads"));
            File.WriteAllText(Path.Join(root, name, "trace.jsonl"), name == "trace-b-c" ? "{}\n" : "");
            Directory.SetLastWriteTimeUtc(Path.Join(root, name), Now.UtcDateTime.AddHours(name == "trace-a-b" ? -23 : -25));
        }

        Run(age: 5).Bundles.ShouldBe(0);

        Directory.GetDirectories(root).Select(Path.GetFileName).ShouldBe(kept, ignoreOrder: true);
    }

    [Fact]
    public void State_and_caches_beside_a_packed_rollout_go_with_it()
    {
        File.WriteAllBytes(Path.Join(root, "trace-a-b.rollout.tar.zst"), [0x28, 0xB5, 0x2F, 0xFD]);
        File.WriteAllText(Path.Join(root, "trace-a-b.state.json"), "{}");
        File.WriteAllText(Path.Join(root, ".trace-a-b.overview.json"), "{}");
        Age(100);

        Run(age: 5).Bundles.ShouldBe(1);

        Everything().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_no_bundle_of_a_recorder_is_left_alone()
    {
        var renamed = Bundle(days: 100);
        Directory.Move(renamed, Path.Join(root, "trace-of-mine"));
        var imported = Bundle(days: 100);
        Directory.Move(imported, Path.Join(root, "imported"));
        var noManifest = Bundle(days: 100);
        File.Delete(Path.Join(noManifest, "manifest.json"));
        Directory.CreateDirectory(Path.Join(root, "trace-a-b", "payloads"));
        File.WriteAllText(Path.Join(root, "trace-a-b", "trace.jsonl"), "x");
        File.WriteAllText(Path.Join(root, "trace-a-b.rollout.tar.zst"), "no zstd");
        File.WriteAllText(Path.Join(root, "trace-a-b.txt"), "x");
        File.WriteAllBytes(Path.Join(root, "other.rollout.tar.zst"), [0x28, 0xB5, 0x2F, 0xFD]);
        Age(100);
        var before = Everything();

        Run(age: 5, bytes: 1 << 20).Bundles.ShouldBe(0);

        Everything().ShouldBe(before);
    }

    [Fact]
    public void Links_are_left_alone_and_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("rollout-trace-outside-").FullName;
        try
        {
            var bundle = Bundle(days: 100);
            var name = Path.GetFileName(bundle);
            Directory.Move(bundle, Path.Join(outside, name));
            Directory.CreateSymbolicLink(bundle, Path.Join(outside, name));
            var holding = Bundle(days: 100);
            File.CreateSymbolicLink(Path.Join(holding, "payloads", "2.json"), Path.Join(outside, name, "manifest.json"));
            File.CreateSymbolicLink(Path.Join(root, "trace-x-y.rollout.tar.zst"), Path.Join(outside, name, "manifest.json"));

            Run(age: 5, bytes: 1 << 20).Bundles.ShouldBe(0);

            BundleReader.Open(Path.Join(outside, name)).ReadEvents().Count().ShouldBe(2);
            Directory.Exists(holding).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void A_deletion_that_was_interrupted_is_finished_and_nobody_takes_what_is_left_for_a_bundle()
    {
        var bundle = Bundle(days: 100);
        var left = Path.Join(root, $".{Path.GetFileName(bundle)}.removed");
        Directory.Move(bundle, left);
        File.Delete(Path.Join(left, "manifest.json"));

        Run(age: 5).Bundles.ShouldBe(0);

        Directory.GetFileSystemEntries(root).ShouldBeEmpty();
    }

    [Fact]
    public void A_packed_rollout_whose_bundle_is_still_there_waits()
    {
        var bundle = Bundle(days: 100, text: "x");
        File.WriteAllText(Path.Join(bundle, "notes.md"), "mine");
        var packed = BundlePacker.Pack(bundle).Path;

        Run(age: 5).Bundles.ShouldBe(0);

        File.Exists(packed).ShouldBeTrue();
    }

    [Fact]
    public void A_clock_that_jumps_ahead_for_a_moment_costs_no_rollout()
    {
        var clock = new JumpingTime();
        var bundle = Bundle(days: 4);
        var run = new RetentionRun(root, new BundleRetention { Age = TimeSpan.FromDays(5) }, clock);
        clock.Ahead = TimeSpan.FromDays(3650);
        run.Delete(CancellationToken.None).Bundles.ShouldBe(0);
        clock.Advance(TimeSpan.FromMinutes(59));
        run.Delete(CancellationToken.None).Bundles.ShouldBe(0);
        clock.Ahead = TimeSpan.FromMinutes(-30);
        run.Delete(CancellationToken.None).Bundles.ShouldBe(0);
        clock.Ahead = TimeSpan.FromDays(2);
        run.Delete(CancellationToken.None).Bundles.ShouldBe(0, "the jump before is over: another one begins");
        clock.Advance(TimeSpan.FromMinutes(59));
        run.Delete(CancellationToken.None).Bundles.ShouldBe(0);
        Directory.Exists(bundle).ShouldBeTrue();

        clock.Advance(TimeSpan.FromMinutes(1));

        run.Delete(CancellationToken.None).Bundles.ShouldBe(1, "it has lasted: the clock was set right, or the machine slept");
    }

    [Fact]
    public void Time_that_passes_is_no_jump_however_seldom_somebody_looks()
    {
        var clock = new JumpingTime();
        var bundle = Bundle(days: 4);
        var run = new RetentionRun(root, new BundleRetention { Age = TimeSpan.FromDays(5) }, clock);

        clock.Advance(TimeSpan.FromDays(2));

        run.Delete(CancellationToken.None).Bundles.ShouldBe(1);
        Directory.Exists(bundle).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private (long Bundles, long Bytes) Run(int? age = null, long? bytes = null) =>
        new RetentionRun(root, new BundleRetention { Age = age is { } days ? TimeSpan.FromDays(days) : null, Bytes = bytes }, new ManualTimeProvider(Now)).Delete(CancellationToken.None);

    private string[] Everything() => [.. Directory.GetFileSystemEntries(root).Where(path => !Path.GetFileName(path).StartsWith(".recorder-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private void Age(int days)
    {
        foreach (var file in Directory.GetFiles(root, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, Now.UtcDateTime.AddDays(-days));
        }
    }

    private string Bundle(int days, int bytes = 100, string? writerLock = "00000000-0000-0000-0000-000000000001", bool isEnded = true, string text = "", BundleStorage? storage = null)
    {
        var manifest = new BundleManifest { TraceId = Guid.NewGuid().ToString(), RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1770000000000, WriterLock = writerLock };
        var directory = Path.Join(root, BundleLayout.DirectoryName(manifest.TraceId, "r"));
        using (var writer = (storage ?? BundleStorage.Plain).Create(directory, manifest))
        {
            writer.WritePayload(1, new byte[bytes]);
            writer.Append(Event(1, new ProtocolEventObservedEvent { EventType = text, EventPayload = PayloadReference.ForNumber(1, PayloadKind.ProtocolEvent) }));
            if (isEnded)
            {
                writer.Append(Event(2, new RolloutEndedEvent { Status = RolloutStatus.Completed }));
            }
        }

        File.SetLastWriteTimeUtc(Path.Join(directory, "trace.jsonl"), Now.UtcDateTime.AddDays(-days));
        return directory;
    }

    private static RawEvent Event(long seq, RawEventPayload payload) => new() { Seq = seq, WallTimeUnixMs = 1770000000000, RolloutId = "r", Payload = payload };

    /// <summary>A clock whose time of day is ahead of the time that passes.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private TimeSpan passed;

        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now + passed + Ahead;

        public override long GetTimestamp() => passed.Ticks;

        public void Advance(TimeSpan by) => passed += by;
    }
}
