using OpenTelemetry;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Housekeeping;

namespace RolloutTrace.Recorder.Tests.Housekeeping;

public class HousekeeperTests
{
    [Fact]
    public void Rollouts_that_ended_are_worked_on_at_the_end_of_the_recorder_and_others_are_not()
    {
        var storage = new Noting();
        using var recorder = new RecorderFixture(o => o.Storage = storage);
        var ended = recorder.StartSession();
        var running = recorder.StartSession();
        ended.Complete();
        recorder.Flush();
        storage.Finished.ShouldBeEmpty("something may come of it yet");

        recorder.Provider.Dispose();

        var (directory, events) = storage.Finished.ShouldHaveSingleItem();
        events.ShouldBe(4);
        Path.GetFileName(directory).ShouldBe(ended.Activity!.GetTagItem(RolloutAttributes.Bundle));
        running.Complete();
    }

    [Fact]
    public void What_earlier_processes_left_is_looked_at_once()
    {
        var storage = new Noting();
        using var recorder = new RecorderFixture(o => o.Storage = storage);
        var left = Directory.CreateDirectory(Path.Join(recorder.Root, "trace-left-r")).FullName;
        Directory.CreateDirectory(Path.Join(recorder.Root, "something-else"));

        recorder.StartSession().ProtocolEventObserved("a", JsonPayload.OfJson("{}"));
        recorder.Flush();

        SpinWait.SpinUntil(() => storage.Left.Contains(left), TimeSpan.FromMinutes(2)).ShouldBeTrue();
        storage.Left.Count(path => path == left).ShouldBe(1);
        storage.Left.ShouldAllBe(path => Path.GetFileName(path).StartsWith("trace-"));
    }

    [Fact]
    public void At_the_end_what_waits_to_be_written_comes_before_bundles_that_are_left()
    {
        using var storage = new Held();
        using var recorder = new RecorderFixture();
        for (var i = 0; i < 3; i++)
        {
            Directory.CreateDirectory(Path.Join(recorder.Root, $"trace-left-{i}"));
        }

        using var housekeeper = new Housekeeper(recorder.Root, storage, new BundleRetention());
        housekeeper.Begin();
        storage.Entered.Wait();

        housekeeper.Yield();
        storage.Go.Set();
        SpinWait.SpinUntil(() => storage.Left == 1, TimeSpan.FromMinutes(2)).ShouldBeTrue();
        housekeeper.End(Timeout.Infinite);

        storage.Begun.ShouldBe(1);
    }

    [Theory]
    [InlineData(RecordDestination.Disk)]
    [InlineData(RecordDestination.DiskAndOtlp)]
    public void A_recorder_that_ends_says_so_before_it_waits(RecordDestination destination)
    {
        var disk = new Yielding();
        using var sink = new Sending.CapturingExporter();
        using var recorder = new RecorderFixture(o =>
        {
            o.ExporterFactory = _ => disk;
            o.Destination = destination;
            o.LogExporterFactory = destination == RecordDestination.Disk ? null : _ => sink;
        });
        recorder.StartSession().Complete();

        recorder.Provider.Dispose();

        disk.Exported.ShouldBe(4);
    }

    [Fact]
    public void Work_that_does_not_end_keeps_the_recorder_from_ending_no_longer_than_it_may()
    {
        using var storage = new Stuck();
        using var recorder = new RecorderFixture(o =>
        {
            o.Storage = storage;
            o.DrainTimeout = TimeSpan.FromMilliseconds(300);
        });
        recorder.StartSession().Complete();
        recorder.Flush();

        recorder.Provider.Dispose();

        storage.Cancellation.IsCancellationRequested.ShouldBeTrue("it was asked to stop");
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(4);
    }

    [Fact]
    public void Work_that_fails_is_reported_once_and_harms_nothing()
    {
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture(o => o.Storage = new Failing());
        for (var i = 0; i < 3; i++)
        {
            recorder.StartSession(new() { ThreadId = $"fails-{recorder.Name}-{i}" }).Complete();
        }

        recorder.Provider.Dispose();

        reports.Of("HousekeepingFailed").Count(r => r.Contains(recorder.Name, StringComparison.Ordinal)).ShouldBe(1);
        recorder.Bundles.Length.ShouldBe(3);
    }

    [Fact]
    public void What_a_disk_did_not_take_is_tried_once_more_at_the_end()
    {
        var storage = new Full();
        using var recorder = new RecorderFixture(o => o.Storage = storage);
        using var housekeeper = new Housekeeper(Directory.CreateDirectory(recorder.Root).FullName, storage, new BundleRetention());
        housekeeper.Begin();
        housekeeper.Ended(new AtOnce("a"), hasAgents: false);
        SpinWait.SpinUntil(() => storage.Tried == 1, TimeSpan.FromMinutes(2)).ShouldBeTrue();

        housekeeper.End(Timeout.Infinite);

        storage.Tried.ShouldBe(2);
    }

    [Fact]
    public void A_bundle_that_is_worked_on_takes_no_more_and_what_comes_is_counted()
    {
        Tapping? tapping = null;
        using var recorder = new RecorderFixture(o => o.ExporterFactory = _ => tapping = new Tapping(new BundleExporter(o.BundleRoot!, o)));
        var session = recorder.StartSession();
        var child = session.SpawnAgent("worker");
        session.Complete();
        recorder.Flush();
        tapping!.Bundle!.Open!.TrySeal().ShouldBeTrue();
        var before = RecorderFixture.Events(recorder.Bundle).Count;

        child.ProtocolEventObserved("a", JsonPayload.OfJson("{}"));
        child.ProtocolEventObserved("a", JsonPayload.OfJson("{}"));
        recorder.Flush();

        recorder.Metric("rollout.recorder.events.not_recorded", "packed").ShouldBe(2);
        recorder.Metric("rollout.recorder.bundles.stopped", "packed").ShouldBe(1);
        RecorderFixture.Events(recorder.Bundle).Count.ShouldBe(before);
        File.ReadAllText(Path.Join(recorder.Bundle, "manifest.json")).ShouldNotContain("lost");
    }

    private sealed record AtOnce(string Name) : IEndedBundle
    {
        public string Directory => Name;

        public bool TrySeal() => true;
    }

    private sealed class Full : BundleStorage
    {
        private int tried;

        public int Tried => Volatile.Read(ref tried);

        public override bool Finishes => true;

        public override void Finish(string directory, CancellationToken cancellation)
        {
            Interlocked.Increment(ref tried);
            throw new IOException("full");
        }
    }

    // Passes on what it is given, and knows of which bundle it was.
    private sealed class Tapping(BundleExporter exporter) : BaseExporter<RolloutRecord>
    {
        public RolloutBundle? Bundle { get; private set; }

        public override ExportResult Export(in Batch<RolloutRecord> batch)
        {
            foreach (var record in batch)
            {
                Bundle = record.Bundle;
            }

            return exporter.Export(batch);
        }

        protected override bool OnForceFlush(int timeoutMilliseconds) => exporter.ForceFlush(timeoutMilliseconds);

        protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);
    }

    // Exports nothing until it is told that the recorder ends.
    private sealed class Yielding : BaseExporter<RolloutRecord>, IWorksAside
    {
        private readonly ManualResetEventSlim yielded = new();

        public int Exported { get; private set; }

        public void Yield() => yielded.Set();

        public override ExportResult Export(in Batch<RolloutRecord> batch)
        {
            Exported += yielded.Wait(TimeSpan.FromSeconds(20)) ? (int)batch.Count : 0;
            return ExportResult.Success;
        }

        protected override void Dispose(bool disposing)
        {
            yielded.Dispose();
            base.Dispose(disposing);
        }
    }

    // Holds the first of what is left until it may go on.
    private sealed class Held : BundleStorage, IDisposable
    {
        private int begun;
        private int left;

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public int Begun => Volatile.Read(ref begun);

        public int Left => Volatile.Read(ref left);

        public override bool Finishes => true;

        public override void FinishLeft(string directory, CancellationToken cancellation)
        {
            Interlocked.Increment(ref begun);
            Entered.Set();
            Go.Wait(CancellationToken.None);
            Interlocked.Increment(ref left);
        }

        public void Dispose()
        {
            Entered.Dispose();
            Go.Dispose();
        }
    }

    private sealed class Noting : BundleStorage
    {
        private readonly List<(string Directory, int Events)> finished = [];
        private readonly List<string> left = [];

        public override bool Finishes => true;

        public (string Directory, int Events)[] Finished
        {
            get
            {
                lock (finished)
                {
                    return [.. finished];
                }
            }
        }

        public string[] Left
        {
            get
            {
                lock (left)
                {
                    return [.. left];
                }
            }
        }

        public override void Finish(string directory, CancellationToken cancellation)
        {
            lock (finished)
            {
                finished.Add((directory, RecorderFixture.Events(directory).Count));
            }
        }

        public override void FinishLeft(string directory, CancellationToken cancellation)
        {
            lock (left)
            {
                left.Add(directory);
            }
        }
    }

    private sealed class Stuck : BundleStorage, IDisposable
    {
        private readonly ManualResetEventSlim freed = new();

        public CancellationToken Cancellation { get; private set; }

        public override bool Finishes => true;

        public override void Finish(string directory, CancellationToken cancellation)
        {
            Cancellation = cancellation;
            freed.Wait(CancellationToken.None);
        }

        public void Dispose() => freed.Set();
    }

    private sealed class Failing : BundleStorage
    {
        public override bool Finishes => true;

        public override void Finish(string directory, CancellationToken cancellation) => throw new IOException("no room");
    }
}
