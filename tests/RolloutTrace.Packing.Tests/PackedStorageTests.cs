using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing.Tests;

public sealed class PackedStorageTests : IDisposable
{
    private const string Name = "trace-t-r";

    private readonly PackingDirectory directory = new();

    private static BundleManifest Manifest => new() { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1770000000000 };

    private string Bundle => directory.Place(Name);

    private string Stream => Path.Join(Bundle, "payloads", "packed.tar.zst");

    private string Packed => directory.Place(Name + ".rollout.tar.zst");

    [Fact]
    public void WhatIsFlushed_IsRead_WhileItIsRecorded()
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(Bundle, Manifest);
        using var recording = PackedRecording.Open(Bundle);
        var reader = BundleReader.Open(recording);
        reader.ReadEvents().ShouldBeEmpty();
        for (var number = 1; number <= 20; number++)
        {
            Write(writer, number, Text(number));
            writer.Flush();

            // Asked for while the file grows, by one who has read what was before, and by one who comes now.
            Read(reader, number).ShouldBe(Text(number));
            using var late = PackedRecording.Open(Bundle);
            Read(BundleReader.Open(late), number).ShouldBe(Text(number));
            Read(BundleReader.Open(late), 1).ShouldBe(Text(1));
            reader.ReadEvents().Count().ShouldBe(number);
        }

        recording.FindDamage().ShouldBeNull();
        recording.List("payloads").Select(file => file.Name).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 20).Select(n => $"payloads/{n}.json").Order(StringComparer.Ordinal));
        recording.Exists("payloads/21.json").ShouldBeFalse();
        recording.Exists("payloads/packed.tar.zst").ShouldBeFalse();
    }

    [Fact]
    public void Flushed_ABundleHasNoMoreOpenThanAPlainOne()
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(Bundle, Manifest);
        for (var number = 1; number <= 2; number++)
        {
            Write(writer, number, Text(number));
            writer.Flush();
        }

        writer.HasOpenFiles.ShouldBeTrue();
        if (OperatingSystem.IsLinux())
        {
            Directory.GetFiles("/proc/self/fd").Select(static file => new FileInfo(file).LinkTarget ?? "").Where(file => file.StartsWith(Bundle, StringComparison.Ordinal)).ShouldBe([Path.Join(Bundle, "trace.jsonl")]);
        }
    }

    [Fact]
    public void ABundleWithoutPayloads_IsReadAndPacked()
    {
        using var storage = new PackedStorage();
        using (var writer = storage.Create(Bundle, Manifest))
        {
            using var recording = PackedRecording.Open(Bundle);
            BundleReader.Open(recording).ReadEvents().ShouldBeEmpty();
            recording.List("payloads").ShouldBeEmpty();
            recording.FindDamage().ShouldBeNull();
            writer.Append(End(1));
        }

        storage.Finish(Bundle, CancellationToken.None);

        Directory.Exists(Bundle).ShouldBeFalse();
        var unpacked = BundleUnpacker.Unpack(Packed, directory.Place("out"));
        Directory.Exists(Path.Join(unpacked.Directory, "payloads")).ShouldBeTrue();
        BundleReader.Open(unpacked.Directory).ReadEvents().ShouldHaveSingleItem();
    }

    [Fact]
    public void CutOffAnywhere_ItHasWhatWasFlushedBefore()
    {
        using var storage = new PackedStorage();
        var flushed = new List<long>();
        using (var writer = storage.Create(Bundle, Manifest))
        {
            for (var number = 1; number <= 12; number++)
            {
                Write(writer, number, Text(number));
                writer.Flush();
                flushed.Add(new FileInfo(Stream).Length);
            }
        }

        var whole = File.ReadAllBytes(Stream);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Stream, whole[..length]);
            using var recording = PackedRecording.Open(Bundle);
            var reader = BundleReader.Open(recording);
            for (var number = 1; number <= flushed.Count(end => end <= length); number++)
            {
                Read(reader, number).ShouldBe(Text(number), $"cut at {length}");
            }

            recording.FindDamage().ShouldBeNull($"cut at {length}");
        }
    }

    [Fact]
    public void WhatAKillLeft_IsPackedByTheNext_WithAllThatWasFlushed()
    {
        using var storage = new PackedStorage();
        using (var writer = storage.Create(Bundle, Manifest with { WriterLock = "00000000-0000-0000-0000-000000000001" }))
        {
            for (var number = 1; number <= 8; number++)
            {
                Write(writer, number, Text(number));
            }

            writer.Append(End(9));
            writer.Flush();

            // The frame has no end. Behind it is the half of what was written next.
            File.WriteAllBytes(directory.Place("stream"), [.. File.ReadAllBytes(Stream)]);
        }

        File.WriteAllBytes(Stream, [.. File.ReadAllBytes(directory.Place("stream"))]);

        storage.FinishLeft(Bundle, CancellationToken.None);

        Directory.Exists(Bundle).ShouldBeFalse();
        var reader = BundleReader.Open(BundleUnpacker.Unpack(Packed, directory.Place("out")).Directory);
        reader.ReadEvents().Count().ShouldBe(9);
        Enumerable.Range(1, 8).ShouldAllBe(number => Read(reader, number) == Text(number));
    }

    [Fact]
    public void WhatIsStillRecorded_OrHasNoEnd_IsLeft()
    {
        using var storage = new PackedStorage();
        using var held = BundleWriterLock.TryTake(directory.Path)!;
        using (var writer = storage.Create(Bundle, Manifest with { WriterLock = held.Id }))
        {
            Write(writer, 1, Text(1));
            writer.Append(End(2));
        }

        storage.FinishLeft(Bundle, CancellationToken.None);
        Directory.Exists(Bundle).ShouldBeTrue();

        using (var other = storage.Create(directory.Place("trace-t-running"), Manifest with { WriterLock = "00000000-0000-0000-0000-000000000001" }))
        {
            Write(other, 1, Text(1));
        }

        storage.FinishLeft(directory.Place("trace-t-running"), CancellationToken.None);
        Directory.Exists(directory.Place("trace-t-running")).ShouldBeTrue();
    }

    [Fact]
    public void Damage_StaysWhereItIs_AndIsSaid()
    {
        using var storage = new PackedStorage();
        using (var writer = storage.Create(Bundle, Manifest))
        {
            for (var number = 1; number <= 8; number++)
            {
                Write(writer, number, Text(number));
                writer.Flush();
            }

            writer.Append(End(9));
        }

        var whole = File.ReadAllBytes(Stream);

        // But for the three bytes with which the frame ends: without them it looks as a killed recorder leaves it, and nothing is lost.
        foreach (var at in Enumerable.Range(0, whole.Length).Where(at => at % 7 == 0 || at >= whole.Length - 4).Where(at => at < whole.Length - 7 || at >= whole.Length - 4))
        {
            var bytes = whole.ToArray();
            bytes[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(Stream, bytes);

            Should.Throw<BundleException>(() => storage.Finish(Bundle, CancellationToken.None), $"at {at}").Message.ShouldContain("packed.tar.zst");

            File.ReadAllBytes(Stream).ShouldBe(bytes);
            BundleReader.Open(Bundle).ReadEvents().Count().ShouldBe(9);
            Directory.EnumerateFileSystemEntries(directory.Path).ShouldBe([Bundle]);

            // Whoever reads it is told: of the damage, or of what is missing because of it.
            using var recording = PackedRecording.Open(Bundle);
            (SaysSo(recording.FindDamage) || Enumerable.Range(1, 8).Any(number => SaysSo(() => Read(BundleReader.Open(recording), number) == Text(number) ? null : "other"))).ShouldBeTrue($"at {at}");
        }
    }

    [Fact]
    public void Finish_ThatIsStopped_LeavesTheBundle()
    {
        using var storage = new PackedStorage();
        using (var writer = storage.Create(Bundle, Manifest))
        {
            Write(writer, 1, Text(1));
            writer.Append(End(2));
        }

        var before = PackingDirectory.Everything(Bundle);
        Should.Throw<OperationCanceledException>(() => storage.Finish(Bundle, new CancellationToken(canceled: true)));

        PackingDirectory.Everything(Bundle).ShouldBe(before);
        Directory.EnumerateFileSystemEntries(directory.Path).ShouldBe([Bundle]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatSomebodyElseHasPacked_NeedsNoMore(bool packOnEnd)
    {
        using var storage = new PackedStorage { PackOnEnd = packOnEnd };
        Record(storage, Bundle);
        BundlePacker.Pack(Bundle, options: new PackOptions { Delete = true });
        var packed = File.ReadAllBytes(Packed);

        storage.Finish(Bundle, CancellationToken.None);

        File.ReadAllBytes(Packed).ShouldBe(packed);
        Directory.EnumerateFileSystemEntries(directory.Path).ShouldBe([Packed]);
    }

    [Fact]
    public void WhatIsGone_AndNotPacked_IsSaid()
    {
        using var storage = new PackedStorage();
        Should.Throw<BundleException>(() => storage.Finish(Bundle, CancellationToken.None));

        // Another rollout's, and a file that is none.
        Record(storage, directory.Place("trace-t-other"));
        storage.Finish(directory.Place("trace-t-other"), CancellationToken.None);
        File.Move(directory.Place("trace-t-other.rollout.tar.zst"), Packed);
        Should.Throw<BundleException>(() => storage.Finish(Bundle, CancellationToken.None));
        File.WriteAllText(Packed, "{}");
        Should.Throw<BundleException>(() => storage.Finish(Bundle, CancellationToken.None));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void WhoeverReads_GoesOn_WhereItIsPackedMeanwhile(bool packOnEnd, int when)
    {
        using var storage = new PackedStorage { PackOnEnd = packOnEnd };
        Record(storage, Bundle);
        var files = PackedRecording.FilesOf(Bundle);
        using (files as IDisposable)
        {
            PackIf(when == 0);
            var reader = BundleReader.Open(files);
            PackIf(when == 1);
            var lines = reader.ReadEvents().ToList();
            PackIf(when == 2);
            lines.Count.ShouldBeGreaterThan(2);
            files.List("payloads").Count().ShouldBe(lines.Count - 1);
            files.Exists("payloads/1.json").ShouldBeTrue();
            Enumerable.Range(1, lines.Count - 1).ShouldAllBe(number => Read(reader, number) == Text(number));
            reader.ReadEvents().Count().ShouldBe(lines.Count);
            files.FindDamage().ShouldBeNull();
        }

        Directory.Exists(Bundle).ShouldBeFalse();

        void PackIf(bool now)
        {
            if (now)
            {
                storage.Finish(Bundle, CancellationToken.None);
            }
        }
    }

    [Fact]
    public void WhereSeveralPackOneRollout_NobodyFails()
    {
        for (var i = 0; i < 16; i++)
        {
            var bundle = directory.Place($"trace-t-{i}");
            using var storage = new PackedStorage { PackOnEnd = i % 2 == 0 };
            Record(storage, bundle);

            Parallel.For(0, 4, _ => storage.Finish(bundle, CancellationToken.None));

            Directory.Exists(bundle).ShouldBeFalse();
            BundleReader.Open(BundleUnpacker.Unpack(bundle + ".rollout.tar.zst").Directory).ReadEvents().ShouldNotBeEmpty();
        }

        Directory.GetFiles(directory.Path, "*.tmp").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("deleted", BundleChange.PayloadsRemoved)]
    [InlineData("replaced", BundleChange.PayloadsReplaced)]
    [InlineData("shorter", BundleChange.PayloadsReplaced)]
    [InlineData("appended", null)]
    public void WhatOthersDoToTheStream_IsFound(string what, BundleChange? change)
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(Bundle, Manifest);
        Write(writer, 1, Text(1));
        writer.Flush();
        switch (what)
        {
            case "deleted":
                File.Delete(Stream);
                break;
            case "replaced":
                File.Copy(Stream, directory.Place("other"));
                File.Move(directory.Place("other"), Stream, overwrite: true);
                break;
            case "shorter":
                File.WriteAllBytes(Stream, File.ReadAllBytes(Stream)[..10]);
                break;
            default:
                File.AppendAllText(Stream, "something");
                break;
        }

        Write(writer, 2, Text(2));
        if (change is null)
        {
            writer.Flush();
            using var recording = PackedRecording.Open(Bundle);
            Read(BundleReader.Open(recording), 2).ShouldBe(Text(2));
            return;
        }

        Should.Throw<BundleChangedException>(writer.Flush).Change.ShouldBe(change.Value);
        writer.EventsWritten.ShouldBe(1);
        BundleReader.Open(Bundle).ReadEvents().Count().ShouldBe(1);
    }

    [Fact]
    public void MemoryThatIsGivenBack_LeavesEverythingReadable_AndPacksTheSame()
    {
        // Room for one rollout: two that are written in turn take it from each other.
        using var storage = new PackedStorage { MaxMemoryBytes = 1, WindowLog = 20 };
        var other = directory.Place("trace-t-other");
        using (var first = storage.Create(Bundle, Manifest))
        using (var second = storage.Create(other, Manifest))
        {
            for (var number = 1; number <= 10; number++)
            {
                Write(first, number, Text(number));
                Write(second, number, Text(number));
                first.Flush();
                second.Flush();
            }

            first.Append(End(11));
            second.Append(End(11));
        }

        storage.Finish(Bundle, CancellationToken.None);
        storage.Finish(other, CancellationToken.None);

        foreach (var packed in new[] { Packed, other + ".rollout.tar.zst" })
        {
            using var files = PackedBundle.Open(packed);
            var reader = BundleReader.Open(files);
            Enumerable.Range(1, 10).ShouldAllBe(number => Read(reader, number) == Text(number));
            files.FindDamage().ShouldBeNull();
        }
    }

    [Fact]
    public void PlainCode_SaysWhereThePayloadsAre()
    {
        using var storage = new PackedStorage();
        using var writer = storage.Create(Bundle, Manifest);
        Write(writer, 1, Text(1));
        writer.Flush();

        Should.Throw<BundleException>(() => Read(BundleReader.Open(Bundle), 1)).Message.ShouldContain("packed.tar.zst");
    }

    [Fact]
    public void OptionsOutOfRange_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new PackedStorage { WindowLog = 28 });
        Should.Throw<ArgumentOutOfRangeException>(() => new PackedStorage { WindowLog = 19 });
        Should.Throw<ArgumentOutOfRangeException>(() => new PackedStorage { Level = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new PackedStorage { IdleTime = TimeSpan.Zero });
        Should.Throw<ArgumentOutOfRangeException>(() => new PackedStorage { MaxMemoryBytes = 0 });
    }

    [Fact]
    public void WhateverComes_InWhateverOrder_NothingIsLost()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var bundle = directory.Place($"trace-t-{seed}");
            using var storage = new PackedStorage { WindowLog = 20, MaxMemoryBytes = random.Next(2) == 0 ? 1 : 1 << 30, Level = random.Next(1, 4) };
            using var other = storage.Create(directory.Place($"trace-t-other-{seed}"), Manifest);

            var written = RecordAnything(storage, bundle, other, random);
            storage.Finish(bundle, CancellationToken.None);

            var unpacked = BundleUnpacker.Unpack(bundle + ".rollout.tar.zst").Directory;
            Check(unpacked, written);
            Directory.GetFiles(Path.Join(unpacked, "payloads")).Length.ShouldBe(written.Count);
        }
    }

    [ZstdToolFact]
    public void Tar_GivesWhatPlainRecordingWouldHaveWritten()
    {
        using var storage = new PackedStorage();
        Record(BundleStorage.Plain, directory.Place($"plain/{Name}"));
        Record(storage, Bundle);
        storage.Finish(Bundle, CancellationToken.None);
        var target = Directory.CreateDirectory(directory.Place("out")).FullName;

        ZstdTools.Run("zstd", "-t", Packed).ShouldBe(0);
        ZstdTools.Run("tar", "--zstd", "-xf", Packed, "-C", target).ShouldBe(0);

        PackingDirectory.Everything(Path.Join(target, Name)).ShouldBe(PackingDirectory.Everything(directory.Place($"plain/{Name}")));
    }

    public void Dispose() => directory.Dispose();

    private static bool SaysSo(Func<string?> question)
    {
        try
        {
            return question() is not null;
        }
        catch (BundleException)
        {
            return true;
        }
    }

    private static List<byte[]> RecordAnything(PackedStorage storage, string bundle, BundleWriter other, Random random)
    {
        var written = new List<byte[]>();
        using var writer = storage.Create(bundle, Manifest);
        for (var step = 1; step <= 40; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    writer.Flush();
                    Check(bundle, written);
                    break;
                case 1:
                    writer.CloseFiles();
                    break;
                case 2:
                    other.WritePayload(step, "[]"u8);
                    break;
                default:
                    written.Add(AnyPayload(random, written));
                    writer.WritePayload(written.Count, written[^1]);
                    writer.Append(Event(written.Count, new ProtocolEventObservedEvent { EventType = "x", EventPayload = PayloadReference.ForNumber(written.Count, PayloadKind.ProtocolEvent) }));
                    break;
            }
        }

        writer.Append(End(written.Count + 1));
        return written;
    }

    // What an earlier one was with something behind it, something new, nothing to speak of, or more than the window.
    private static byte[] AnyPayload(Random random, List<byte[]> before)
    {
        var end = new byte[random.Next(8) switch { 0 => 0, 1 => random.Next(1_500_000), _ => random.Next(3000) }];
        random.NextBytes(end);
        return before.Count > 0 && random.Next(3) > 0 ? [.. before[random.Next(before.Count)].Take(2_000_000), .. end] : end;
    }

    private static void Check(string bundle, List<byte[]> written)
    {
        var files = PackedRecording.FilesOf(bundle);
        using (files as IDisposable)
        {
            var reader = BundleReader.Open(files);
            foreach (var rawEvent in reader.ReadEvents().Select(line => line.Event!).Where(rawEvent => rawEvent.Payload is ProtocolEventObservedEvent))
            {
                using var payload = reader.ReadPayload(((ProtocolEventObservedEvent)rawEvent.Payload).EventPayload);
                payload.Span.SequenceEqual(written[(int)rawEvent.Seq - 1]).ShouldBeTrue($"{bundle}: {rawEvent.Seq} of {written.Count}");
            }
        }
    }

    // Each payload begins as the one before it, as requests do.
    internal static string Text(int number) => $"{{\"input\":[{string.Join(',', Enumerable.Range(0, number).Select(i => $"\"{i} {new Random(i).Next()} größe\""))}]}}";

    internal static string Read(BundleReader reader, int number)
    {
        using var bytes = reader.ReadPayload(PayloadReference.ForNumber(number, PayloadKind.ProtocolEvent));
        return Encoding.UTF8.GetString(bytes.Span);
    }

    internal static void Write(BundleWriter writer, int number, string text)
    {
        writer.WritePayload(number, Encoding.UTF8.GetBytes(text));
        writer.Append(Event(number, new ProtocolEventObservedEvent { EventType = "x", EventPayload = PayloadReference.ForNumber(number, PayloadKind.ProtocolEvent) }));
    }

    internal static RawEvent End(long seq) => Event(seq, new RolloutEndedEvent { Status = RolloutStatus.Completed });

    private static RawEvent Event(long seq, RawEventPayload payload) => new() { Seq = seq, WallTimeUnixMs = 1770000000000 + seq, RolloutId = "r", Payload = payload };

    private static void Record(BundleStorage storage, string bundle)
    {
        using var writer = storage.Create(bundle, Manifest);
        for (var number = 1; number <= 30; number++)
        {
            Write(writer, number, Text(number));
            if (number % 4 == 0)
            {
                writer.Flush();
            }
        }

        writer.Append(End(31));
    }
}
