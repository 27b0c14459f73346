using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting;
using RolloutTrace.Records;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Sending;

public sealed class SendingTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly string work = Directory.CreateTempSubdirectory("rollout-trace-sending-").FullName;
    private readonly CapturingExporter receiver = new();

    [Fact]
    public void Whatever_an_agent_does_what_is_sent_is_the_bundle_on_disk_byte_for_byte()
    {
        using var recorder = Recorder(RecordDestination.DiskAndOtlp);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ListOf().Resize(80).ToArbitrary(), steps =>
        {
            receiver.Taken.Clear();
            var session = recorder.StartSession();
            new AnyAgent().Run(session, steps);
            recorder.Flush();

            FilesOf(Assembled(steps.Count)).ShouldBe(FilesOf(Path.Join(recorder.Root, session.BundleName)));
        }).ShouldHold(60);
    }

    [Fact]
    public void Instead_of_the_disk_everything_is_sent_and_nothing_is_written()
    {
        using var recorder = Recorder(RecordDestination.Otlp);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ListOf().Resize(80).ToArbitrary(), steps =>
        {
            receiver.Taken.Clear();
            new AnyAgent().Run(recorder.StartSession(), steps);
            recorder.Flush();

            RolloutReducer.Reduce(Assembled(steps.Count), new ReductionOptions { Strict = true }).Diagnostics.ShouldBeEmpty();
        }).ShouldHold(30);

        Directory.Exists(recorder.Root).ShouldBeFalse();
        recorder.Metric("rollout.recorder.events.sent").ShouldBe(recorder.Metric("rollout.recorder.events.recorded"));
        recorder.Metric("rollout.recorder.events.not_sent").ShouldBe(0);
    }

    [Theory]
    [InlineData(RecordDestination.Otlp)]
    [InlineData(RecordDestination.DiskAndOtlp)]
    public void The_manifest_is_first_and_a_payload_before_the_event_that_names_it(RecordDestination destination)
    {
        using (var recorder = Recorder(destination))
        {
            Rollout(recorder);
        }

        receiver.IsShutDown.ShouldBeTrue();
        receiver.Taken.First().Name.ShouldBe("rollout.manifest");
        receiver.Taken.Count(static taken => taken.Name == "rollout.manifest").ShouldBe(1);
        var payloads = new HashSet<string>();
        foreach (var (_, _, record) in receiver.Taken)
        {
            if (record.Payload is not null)
            {
                payloads.Add($"payloads/{record.PayloadNumber}.json");
            }
            else if (record.Kind == BundleRecordKind.RawEvent)
            {
                RawEvent.Parse(record.Body.Span).Payload.PayloadReferences.ShouldAllBe(reference => payloads.Contains(reference.Path));
            }
        }

        payloads.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(RecordDestination.Otlp)]
    [InlineData(RecordDestination.DiskAndOtlp)]
    public void What_a_receiver_does_not_take_at_first_is_sent_again(RecordDestination destination)
    {
        receiver.Answer = static attempt => attempt > 3 ? true : attempt == 2 ? throw new IOException("gone") : false;
        using (var recorder = Recorder(destination))
        {
            Rollout(recorder);
            recorder.Flush();
            recorder.Metric("rollout.recorder.events.not_sent").ShouldBe(0);
        }

        Directory.Exists(Assembled()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(RecordDestination.Otlp)]
    [InlineData(RecordDestination.DiskAndOtlp)]
    public async Task A_receiver_that_never_answers_keeps_nobody_and_is_counted(RecordDestination destination)
    {
        receiver.Answer = static _ => false;
        using var told = new ReportListener();
        var recorder = Recorder(destination, static options =>
        {
            options.DrainTimeout = TimeSpan.FromMilliseconds(300);
            options.ExitTimeout = TimeSpan.FromSeconds(20);
        });
        Rollout(recorder);
        await Task.Run(recorder.Provider.Dispose).WaitAsync(Long);

        receiver.Taken.ShouldBeEmpty();
        if (destination == RecordDestination.DiskAndOtlp)
        {
            RolloutReducer.Reduce(recorder.Bundle, new ReductionOptions { Strict = true }).Diagnostics.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(RecordDestination.Otlp)]
    [InlineData(RecordDestination.DiskAndOtlp)]
    public void What_waits_for_a_receiver_is_bounded_and_what_comes_later_is_sent_with_the_manifest(RecordDestination destination)
    {
        var isOpen = false;
        receiver.Answer = _ => Volatile.Read(ref isOpen);
        using var recorder = Recorder(destination, static options => options.QueueLimitBytes = 1 << 20);
        using var session = recorder.StartSession();
        using (var turn = session.StartTurn())
        {
            // Several times what may wait.
            for (var i = 0; i < 40; i++)
            {
                SpinWait.SpinUntil(() => recorder.Metric("rollout.recorder.queue.size") <= 600_000, Long).ShouldBeTrue("what no receiver takes is not given up");
                using var request = turn.StartModelRequest("m", JsonPayload.OfText(RandomText(i, 100_000)));
            }

            Volatile.Write(ref isOpen, true);
            recorder.Flush();
            var lost = recorder.Metric("rollout.recorder.events.not_sent");
            lost.ShouldBeGreaterThan(0);
            turn.Complete();
        }

        session.Complete();
        recorder.Flush();

        receiver.Taken.ShouldContain(static taken => taken.Name == "rollout.manifest");
        RawEvent.Parse(receiver.Taken.Last().Record.Body.Span).Payload.ShouldBeOfType<RolloutEndedEvent>();
        using var assembly = Assembly();
        assembly.Hole.ShouldNotBeNull().MissingManifest.ShouldBeFalse();
    }

    [Fact]
    public void Batches_and_bodies_stay_below_what_receivers_take()
    {
        using (var recorder = Recorder(RecordDestination.Otlp))
        {
            using var session = recorder.StartSession();
            using var turn = session.StartTurn();
            using var request = turn.StartModelRequest("m", JsonPayload.OfText(RandomText(1, 7_000_000)));
        }

        receiver.Batches.Max(static batch => batch.Bytes).ShouldBeLessThanOrEqualTo(3 << 20);
        receiver.Taken.Count(static taken => taken.Record.Payload is { Bytes: > 1_000_000 }).ShouldBe(8);
        receiver.Taken.Max(static taken => taken.Record.Body.Length).ShouldBe(1_000_000);
        Directory.Exists(Assembled()).ShouldBeTrue();
    }

    [Fact]
    public void Another_destination_needs_an_exporter()
    {
        var wrong = Should.Throw<OptionsValidationException>(() => new RecorderFixture(static options => options.Destination = RecordDestination.Otlp));
        wrong.Message.ShouldContain("LogExporterFactory");

        Should.Throw<OptionsValidationException>(() => new RecorderFixture(static options => options.Destination = (RecordDestination)9)).Message.ShouldContain("must be one of Disk, Otlp, DiskAndOtlp");
    }

    public void Dispose()
    {
        receiver.Dispose();
        Directory.Delete(work, recursive: true);
    }

    private static void Rollout(RecorderFixture recorder)
    {
        using var session = recorder.StartSession();
        using (var turn = session.StartTurn())
        {
            using var request = turn.StartModelRequest("m", JsonPayload.OfJson("""{"input":[]}"""));
            request.Complete("r", usage: null, JsonPayload.OfJson("[]"));
            turn.Complete();
        }

        session.Complete();
    }

    private static string RandomText(int seed, int length)
    {
        var random = new Random(seed);
        return string.Create(length, random, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = (char)random.Next('#', '[');
            }
        });
    }

    private static SortedDictionary<string, string> FilesOf(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file), static file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))), StringComparer.Ordinal);

    private RecorderFixture Recorder(RecordDestination destination, Action<RolloutTracingOptions>? configure = null) => new(options =>
    {
        options.Destination = destination;
        options.LogExporterFactory = _ => receiver;
        configure?.Invoke(options);
    });

    private BundleAssembly Assembly(int seed = 0)
    {
        var records = receiver.Taken.Select(static taken => taken.Record).ToArray();
        new Random(seed).Shuffle(records);
        var assembly = BundleAssembly.Open(Path.Join(work, Guid.NewGuid().ToString("N")), records[0].Bundle, new AssemblyOptions { IsDurable = false });
        foreach (var record in records)
        {
            assembly.Add(record).Reason.ShouldBeNull();
        }

        return assembly;
    }

    private string Assembled(int seed = 0)
    {
        using var assembly = Assembly(seed);
        assembly.Hole.ShouldBeNull();
        var directory = Path.Join(work, Guid.NewGuid().ToString("N"));
        assembly.WriteTo(directory);
        return directory;
    }
}
