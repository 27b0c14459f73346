using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Recorder.Tests.Storage;

public class PackedStorageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unpacked_it_is_byte_for_byte_what_plain_recording_writes(bool packOnEnd)
    {
        var clock = new ManualTimeProvider();
        HashSet<string> threadIds = [];
        using var plain = new RecorderFixture(o => o.TimeProvider = clock, sharedThreadIds: threadIds);
        using var packed = new RecorderFixture(
            o =>
            {
                o.TimeProvider = clock;
                o.Storage = new PackedStorage { PackOnEnd = packOnEnd };
            },
            sharedThreadIds: threadIds);
        new ScriptedAgent().Run(plain.StartSession());

        plain.Provider.Dispose();
        packed.Provider.Dispose();

        var file = Directory.GetFileSystemEntries(packed.Root).ShouldHaveSingleItem();
        var unpacked = BundleUnpacker.Unpack(file).Directory;
        var written = Files(plain.Bundle);
        written.Count.ShouldBeGreaterThan(40);

        // Ids and locks are each recording's own.
        Files(unpacked).ShouldBe(written);
        var manifest = BundleReader.Open(plain.Bundle).Manifest;
        var own = BundleReader.Open(unpacked).Manifest;
        (own with { TraceId = manifest.TraceId, WriterLock = manifest.WriterLock }).ShouldBe(manifest);
        using var bundle = PackedBundle.Open(file);
        RolloutReducerOf(bundle).ShouldBe(RolloutStatus.Completed);
    }

    [Fact]
    public void While_it_is_recorded_payloads_are_in_one_file_and_all_that_is_flushed_is_read()
    {
        using var recorder = new RecorderFixture(o => o.Storage = new PackedStorage());
        using var session = recorder.StartSession();
        for (var i = 0; i < 20; i++)
        {
            session.ProtocolEventObserved("a", JsonPayload.OfJson($$"""{"n":{{i}}}"""));
            recorder.Flush();

            using var bundle = RecordedBundle.Open(recorder.Bundle);
            bundle.Events.Count.ShouldBe(2 + i + 1);
            bundle.Check().Status.ShouldBe(RolloutStatus.Running);
        }

        Directory.GetFiles(Path.Join(recorder.Bundle, "payloads")).ShouldHaveSingleItem();
        recorder.Metric("rollout.recorder.bytes.written").ShouldBe(Directory.GetFiles(recorder.Bundle, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("manifest.json", StringComparison.Ordinal)).Sum(file => new FileInfo(file).Length));
    }

    [Fact]
    public void More_rollouts_than_files_may_be_open_are_recorded_in_turn()
    {
        using var recorder = new RecorderFixture(o =>
        {
            o.Storage = new PackedStorage();
            o.MaxOpenFiles = 2;
        });
        var sessions = Enumerable.Range(0, 5).Select(_ => recorder.StartSession()).ToArray();
        for (var i = 0; i < 6; i++)
        {
            foreach (var session in sessions)
            {
                session.ProtocolEventObserved("a", JsonPayload.OfJson($$"""{"n":{{i}}}"""));
            }

            recorder.Flush();
        }

        foreach (var path in recorder.Bundles)
        {
            using var bundle = RecordedBundle.Open(path);
            bundle.Events.Count.ShouldBe(2 + 6);
            bundle.Check();
        }

        Array.ForEach(sessions, session => session.Complete());
        recorder.Provider.Dispose();
        recorder.Bundles.ShouldBeEmpty();
        Directory.GetFiles(recorder.Root).Length.ShouldBe(5);
    }

    [Fact]
    public void A_session_that_goes_on_finds_what_it_goes_on_from_when_that_is_packed()
    {
        using var before = new RecorderFixture(o => o.Storage = new PackedStorage());
        using var after = new RecorderFixture(o => o.Storage = new PackedStorage(), root: before.Root);
        before.StartSession(new() { ThreadId = "goes-on" }).Complete();
        before.Provider.Dispose();
        var packed = Directory.GetFiles(before.Root, "*" + PackedFormat.Extension).ShouldHaveSingleItem();

        using var session = after.StartSession(new() { ThreadId = "goes-on" });
        after.Flush();

        using var earlier = RecordedBundle.Open(PackedFormat.WithoutExtension(packed));
        BundleReader.Open(after.Bundle).Manifest.ResumedFrom!.TraceId.ShouldBe(earlier.Reader.Manifest.TraceId);
    }

    [Fact]
    public void Several_recorders_share_a_root_and_a_storage()
    {
        var storage = new PackedStorage();
        using var first = new RecorderFixture(o => o.Storage = storage);
        using var second = new RecorderFixture(o => o.Storage = storage, root: first.Root);
        Parallel.For(0, 8, i =>
        {
            var session = (i % 2 == 0 ? first : second).StartSession();
            for (var n = 0; n < 20; n++)
            {
                session.ProtocolEventObserved("a", JsonPayload.OfJson($$"""{"n":{{n}}}"""));
            }

            session.Complete();
        });

        first.Provider.Dispose();
        second.Provider.Dispose();

        var files = Directory.GetFileSystemEntries(first.Root);
        files.Length.ShouldBe(8);
        foreach (var file in files)
        {
            using var bundle = RecordedBundle.Open(PackedFormat.WithoutExtension(file));
            bundle.Events.Count.ShouldBe(4 + 20);
            bundle.Check().Status.ShouldBe(RolloutStatus.Completed);
        }
    }

    [Fact]
    public void A_payload_that_another_has_written_first_stops_the_bundle_at_a_clean_prefix()
    {
        using var recorder = new RecorderFixture(o => o.Storage = new PackedStorage());
        using var session = recorder.StartSession();
        session.ProtocolEventObserved("a", JsonPayload.OfJson("""{"n":1}"""));
        recorder.Flush();
        File.Delete(Path.Join(recorder.Bundle, "payloads", "packed.tar.zst"));

        session.ProtocolEventObserved("a", JsonPayload.OfJson("""{"n":2}"""));
        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.stopped", "directory_lost").ShouldBe(1);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(1);
        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(3);
    }

    [TmpfsFact]
    public void On_a_full_disk_bundles_stop_at_a_clean_prefix_and_when_there_is_space_again_new_ones_are_recorded()
    {
        using var disk = new Tmpfs(kilobytes: 1024);
        using var recorder = new RecorderFixture(o => o.Storage = new PackedStorage(), root: Path.Join(disk.Root, "bundles"));
        var sessions = Enumerable.Range(0, 3).Select(i => recorder.StartSession(new() { ThreadId = $"full-{recorder.Name}-{i}" })).ToArray();
        var observed = 3 * 2;
        for (var i = 0; i < 200; i++)
        {
            Array.ForEach(sessions, session => session.ProtocolEventObserved("a", Random(10_000)));
            observed += 3;
        }

        recorder.Flush();

        recorder.Metric("rollout.recorder.bundles.stopped", "disk_full").ShouldBe(3);
        var written = 0;
        foreach (var path in recorder.Bundles)
        {
            using var bundle = RecordedBundle.Open(path);
            written += bundle.Events.Count;
            bundle.Check().Status.ShouldBe(RolloutStatus.Running);
        }

        written.ShouldBeInRange(60, observed - 1);
        recorder.Metric("rollout.recorder.events.written").ShouldBe(written);
        recorder.Metric("rollout.recorder.events.not_recorded", "disk_full").ShouldBe(observed - written);

        Array.ForEach(recorder.Bundles, path => Directory.Delete(path, recursive: true));
        using var after = recorder.StartSession();
        after.ProtocolEventObserved("a", Random(10_000));
        recorder.Flush();
        using var again = RecordedBundle.Open(recorder.Bundle);
        again.Events.Count.ShouldBe(3);
        again.Check();
    }

    [TmpfsFact]
    public void Where_there_is_no_room_for_the_packed_file_the_bundle_stays()
    {
        using var disk = new Tmpfs(kilobytes: 256);
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture(o => o.Storage = new PackedStorage { PackOnEnd = true }, root: Path.Join(disk.Root, "bundles"));
        var session = recorder.StartSession(new() { ThreadId = $"room-{recorder.Name}" });
        session.ProtocolEventObserved("a", Random(100_000));
        session.Complete();
        recorder.Flush();
        File.WriteAllBytes(Path.Join(disk.Root, "filling"), new byte[110_000]);

        recorder.Provider.Dispose();

        RecorderFixture.Reduce(recorder.Bundle).Status.ShouldBe(RolloutStatus.Completed);
        Directory.GetFiles(recorder.Root).ShouldBeEmpty();
    }

    // Characters that say as much as they can, so that there is nothing to compress but a quarter.
    private static byte[] Random(int bytes) => Encoding.UTF8.GetBytes($"\"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes * 3 / 4))}\"");

    private static RolloutStatus RolloutReducerOf(PackedBundle bundle) => Reducer.RolloutReducer.Reduce(BundleReader.Open(bundle)).Graph.Status;

    private static Dictionary<string, string> Files(string bundle) => Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith("manifest.json", StringComparison.Ordinal))
        .OrderBy(file => file, StringComparer.Ordinal)
        .ToDictionary(file => Path.GetRelativePath(bundle, file), file => IdFree(File.ReadAllText(file), bundle));

    private static string IdFree(string text, string bundle) => text.Replace(BundleReader.Open(bundle).Manifest.TraceId, "(trace id)", StringComparison.Ordinal);
}
