using RolloutTrace.Bundle;

namespace RolloutTrace.Packing.Tests;

public sealed class RecordingUnpackTests : IDisposable
{
    private static readonly BundleManifest Manifest = new() { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1770000000000 };

    private readonly PackingDirectory directory = new();

    [Fact]
    public void AtEveryMoment_ItIsWhatRecordingPlainWouldHaveWritten()
    {
        using var storage = new PackedStorage();
        using var packed = storage.Create(directory.Place("packed"), Manifest);
        using var plain = BundleWriter.Create(directory.Place("plain"), Manifest);
        for (var moment = 0; moment < 12; moment++)
        {
            for (var number = (2 * moment) + 1; number <= 2 * moment + 2; number++)
            {
                foreach (var writer in new[] { packed, plain })
                {
                    writer.WritePayload(number, Text(number));
                    writer.Append(Event(number, number));
                }
            }

            packed.Flush();
            plain.Flush();
            var unpacked = BundleUnpacker.Unpack(directory.Place("packed"), directory.Place($"out-{moment}"));

            PackingDirectory.Everything(unpacked.Directory).ShouldBe(PackingDirectory.Everything(directory.Place("plain")));
            unpacked.Files.ShouldBe((2 * moment) + 4);
            unpacked.Bytes.ShouldBe(new DirectoryInfo(unpacked.Directory).GetFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length));
            unpacked.Damage.ShouldBe($"{directory.Place("packed")}: has no end, and nothing tells whether it is still being recorded");
        }
    }

    [Fact]
    public async Task WhileItGrows_NothingIsSaidToBeMissing()
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(directory.Place("packed"), Manifest);
        WriteOne(1);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var number = 2; number < 2_000 && !stop.IsCancellationRequested; number++)
            {
                WriteOne(number);
            }
        });

        for (var i = 0; i < 6; i++)
        {
            BundleUnpacker.Unpack(directory.Place("packed"), directory.Place($"out-{i}")).Damage.ShouldNotBeNull().ShouldContain("has no end");
        }

        await stop.CancelAsync();
        await writing;

        void WriteOne(int number)
        {
            writer.WritePayload(number, Text(1 + (number % 3)));
            writer.Append(Event(number, number));
            writer.Flush();
        }
    }

    [Fact]
    public void PackedMeanwhile_ItIsSaidToBeGone()
    {
        Record(payloads: 3);
        using var files = PackedRecording.Open(directory.Place("packed"));
        files.Read("payloads/3.json", 1 << 20).Dispose();
        File.Delete(directory.Place("packed/payloads/packed.tar.zst"));

        Should.Throw<BundleException>(() => files.Read("payloads/3.json", 1 << 20)).Message.ShouldContain("packed.tar.zst");
    }

    [Fact]
    public void StoppedAnywhere_ItHasWhatTheLogNames_AndNoHalfPayload()
    {
        Record(payloads: 9, writerLock: "00000000-0000-0000-0000-000000000001");

        // Between a payload and its line, and within a line.
        var log = directory.Place("packed/trace.jsonl");
        var lines = File.ReadAllLines(log);
        File.WriteAllText(log, string.Join('\n', lines[..7]) + "\n" + lines[7][..20]);
        var stream = directory.Place("packed/payloads/packed.tar.zst");
        File.WriteAllBytes(stream, File.ReadAllBytes(stream)[..^12]);

        var unpacked = BundleUnpacker.Unpack(directory.Place("packed"), directory.Place("out"));

        unpacked.Damage.ShouldBe($"{directory.Place("packed")}: has no end: its recorder was stopped");
        File.ReadAllBytes(directory.Place("out/trace.jsonl")).ShouldBe(File.ReadAllBytes(log));
        for (var number = 1; number <= 7; number++)
        {
            File.ReadAllBytes(directory.Place($"out/payloads/{number}.json")).ShouldBe(Text(number));
        }

        foreach (var payload in Directory.EnumerateFiles(directory.Place("out/payloads")))
        {
            File.ReadAllBytes(payload).ShouldBe(Text(int.Parse(Path.GetFileNameWithoutExtension(payload), System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void WhatTheLogNamesAndTheStreamLacks_IsSaid()
    {
        Record(payloads: 3);

        var stream = directory.Place("packed/payloads/packed.tar.zst");
        var whole = File.ReadAllBytes(stream);
        File.WriteAllBytes(stream, whole[..(whole.Length / 3)]);

        var unpacked = BundleUnpacker.Unpack(directory.Place("packed"), directory.Place("out"));

        unpacked.Damage.ShouldNotBeNull().ShouldContain("which the log names");
        File.ReadAllLines(directory.Place("out/trace.jsonl")).Length.ShouldBe(3);
    }

    [Fact]
    public void DamagedAnywhere_ItHasWhatIsBefore_OrSaysThatSomethingIsWrong()
    {
        Record(payloads: 3, ends: true);

        var stream = directory.Place("packed/payloads/packed.tar.zst");
        var whole = File.ReadAllBytes(stream);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x55;
            File.WriteAllBytes(stream, changed);

            var unpacked = BundleUnpacker.Unpack(directory.Place("packed"), directory.Place($"out-{at}"));

            unpacked.Damage.ShouldNotBeNull($"byte {at}").ShouldContain("packed.tar.zst");
            File.ReadAllLines(directory.Place($"out-{at}/trace.jsonl")).Length.ShouldBe(4);
        }
    }

    [Fact]
    public void ARolloutThatEnded_IsWhole()
    {
        Record(payloads: 1, ends: true);

        BundleUnpacker.Unpack(directory.Place("packed")).ShouldSatisfyAllConditions(
            result => result.Damage.ShouldBeNull(),
            result => result.Directory.ShouldBe(directory.Place("packed.unpacked")));
        File.ReadAllBytes(directory.Place("packed.unpacked/payloads/1.json")).ShouldBe(Text(1));
    }

    [Fact]
    public void WhatIsNoSuchRecording_IsRefused_AndNothingIsWritten()
    {
        var bundle = directory.Bundle(payloads: ["{}"]);
        Should.Throw<BundleException>(() => BundleUnpacker.Unpack(bundle, directory.Place("out"))).Message.ShouldBe($"{bundle}: is a plain bundle already");
        Directory.CreateDirectory(directory.Place("empty"));
        Should.Throw<BundleException>(() => BundleUnpacker.Unpack(directory.Place("empty"), directory.Place("out"))).Message.ShouldContain("is a directory");
        Path.Exists(directory.Place("out")).ShouldBeFalse();
    }

    public void Dispose() => directory.Dispose();

    private void Record(int payloads, string? writerLock = null, bool ends = false)
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(directory.Place("packed"), Manifest with { WriterLock = writerLock });
        for (var number = 1; number <= payloads; number++)
        {
            writer.WritePayload(number, Text(number));
            writer.Append(Event(number, number));
            writer.Flush();
        }

        if (ends)
        {
            writer.Append(new RawEvent { Seq = payloads + 1, WallTimeUnixMs = 9, RolloutId = "r", Payload = new RolloutEndedEvent { Status = RolloutStatus.Completed } });
        }
    }

    private static byte[] Text(int number) => System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 300 * number))}]");

    private static RawEvent Event(long seq, int number) => new()
    {
        Seq = seq,
        WallTimeUnixMs = seq,
        RolloutId = "r",
        Payload = new ProtocolEventObservedEvent { EventType = "e", EventPayload = PayloadReference.ForNumber(number, PayloadKind.ProtocolEvent) },
    };
}
