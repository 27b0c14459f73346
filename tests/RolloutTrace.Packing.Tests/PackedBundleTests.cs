using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Packing.Tests;

public sealed class PackedBundleTests : IDisposable
{
    private readonly PackingDirectory directory = new();

    public static TheoryData<string> ConformanceCases => [.. ConformanceCase.Names];

    public static TheoryData<string> FieldCases => [.. FieldCase.Names];

    [Theory]
    [MemberData(nameof(ConformanceCases))]
    public void AConformanceCase_Packed_GivesTheSameState(string name) => Compare(ConformanceCase.Named(name).Bundle);

    [Theory]
    [MemberData(nameof(FieldCases))]
    public void AFieldCase_Packed_GivesTheSameState(string name) => Compare(FieldCase.Bundle(name));

    [Fact]
    public void Names_ComeFromTheBundle()
    {
        using var packed = Open(directory.Bundle("trace-1", payloads: ["{}"]), "renamed");

        packed.Name.ShouldBe("trace-1");
        packed.DisplayName.ShouldBe(directory.Place("renamed.rollout.tar.zst"));
        packed.DisplayNameOf("payloads/1.json").ShouldBe(directory.Place("renamed.rollout.tar.zst/payloads/1.json"));
        packed.FindWriter(lockId: null).ShouldBe(BundleWriterState.Unknown);
    }

    [Fact]
    public void Files_AreReadInAnyOrder_AsOftenAsOneLikes()
    {
        var texts = Enumerable.Range(1, 60).Select(static n => new string((char)('a' + (n % 26)), n * 50_000)).ToArray();
        using var packed = Open(directory.Bundle(payloads: texts));
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var number = random.Next(1, texts.Length + 1);
            using var read = i % 3 == 0 ? packed.ReadHead($"payloads/{number}.json", 10)! : packed.Read($"./payloads//{number}.json", 1 << 30);
            read.Length.ShouldBe(i % 3 == 0 ? 10 : texts[number - 1].Length);
            read.Span.IndexOfAnyExcept((byte)texts[number - 1][0]).ShouldBe(-1);
        }

        using var log = new StreamReader(packed.OpenRead("trace.jsonl"));
        log.ReadToEnd().ShouldBe(PackingDirectory.End + "\n");
        using var payload = new StreamReader(packed.OpenRead("payloads/2.json"));
        payload.ReadToEnd().ShouldBe(texts[1]);
        packed.FindDamage().ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(35)]
    [InlineData(69)]
    public void APayload_ForWhichTheFileIsUnpacked_IsThatPayload(int wanted)
    {
        const int Length = (1 << 20) + 1;
        using var packed = Open(directory.Bundle(payloads: [.. Enumerable.Range(1, 70).Select(static n => $"{n:00}" + new string((char)('a' + (n % 26)), Length - 2))]));

        // Again and again back from the end, until that would be more than to unpack it.
        for (var i = 0; i < 5; i++)
        {
            Read(70);
            Read(wanted);
        }

        void Read(int number)
        {
            using var read = packed.Read($"payloads/{number}.json", Length);
            System.Text.Encoding.UTF8.GetString(read.Span[..2]).ShouldBe($"{number:00}");
            read.Span[2..].IndexOfAnyExcept((byte)('a' + (number % 26))).ShouldBe(-1);
        }
    }

    [Fact]
    public void WhatWasPassedOnTheWay_IsKept_InALaterPassToo()
    {
        var texts = Enumerable.Range(1, 40).Select(static n => $"\"{n}\"").ToArray();
        using var packed = Open(directory.Bundle(payloads: texts));
        for (var pass = 0; pass < 2; pass++)
        {
            Read(1);

            // Whoever opens the file again does not find it: each is asked for once in a pass, after a later one.
            File.Move(directory.Place("packed.rollout.tar.zst"), directory.Place("gone"));
            for (var n = 10; n <= texts.Length; n += 5)
            {
                Read(n);
                Read(n - 4);
                Read(n - 3);
            }

            File.Move(directory.Place("gone"), directory.Place("packed.rollout.tar.zst"));
        }

        void Read(int number)
        {
            using var read = packed.Read($"payloads/{number}.json", 100);
            System.Text.Encoding.UTF8.GetString(read.Span).ShouldBe(texts[number - 1]);
        }
    }

    [Fact]
    public void Files_AreReadByManyThreads()
    {
        var texts = Enumerable.Range(1, 40).Select(static n => $"\"{n}\"").ToArray();
        using var packed = Open(directory.Bundle(payloads: texts));

        Parallel.For(0, 400, i =>
        {
            using var read = packed.Read($"payloads/{(i % 40) + 1}.json", 100);
            System.Text.Encoding.UTF8.GetString(read.Span).ShouldBe(texts[i % 40]);
        });
    }

    [Fact]
    public void WhatIsThere_IsKnown()
    {
        using var packed = Open(directory.Bundle(payloads: ["1", "22", "333"]));

        packed.Exists("payloads/2.json").ShouldBeTrue();
        packed.Exists("payloads/4.json").ShouldBeFalse();
        packed.Exists("payloads").ShouldBeFalse();
        packed.GetLength("payloads/3.json").ShouldBe(3);
        packed.List("payloads").Select(static file => (file.Name, file.Length)).ShouldBe([("payloads/1.json", 1), ("payloads/2.json", 2), ("payloads/3.json", 3)], ignoreOrder: true);
        packed.List("").Select(static file => file.Name).ShouldBe(["manifest.json", "trace.jsonl"], ignoreOrder: true);
        packed.List("none").ShouldBeEmpty();
        packed.GetTotalLength("payloads").ShouldBe(6);
    }

    [Theory]
    [InlineData("payloads/9.json", "there is no such file")]
    [InlineData("../secret", "is not a plain path below the bundle")]
    [InlineData("/etc/passwd", "is not a plain path below the bundle")]
    public void WhatIsNotThere_IsNamed(string name, string why)
    {
        using var packed = Open(directory.Bundle(payloads: ["1"]));

        Should.Throw<BundleException>(() => packed.Read(name, 100)).Message.ShouldContain(why);
        Should.Throw<BundleException>(() => packed.OpenRead(name)).Message.ShouldContain(why);
        Should.Throw<BundleException>(() => packed.GetLength(name)).Message.ShouldStartWith(packed.DisplayName);
    }

    [Fact]
    public void ALongPayload_IsRefusedBeforeItIsRead()
    {
        using var packed = Open(directory.Bundle(payloads: [new string('x', 1000)]));

        Should.Throw<BundleException>(() => packed.Read("payloads/1.json", 999)).Message.ShouldBe($"{packed.DisplayName}/payloads/1.json: 1000 bytes are more than the limit of 999");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2000)]
    [InlineData(2048)]
    [InlineData(1 << 16)]
    public void ASummary_IsFound_HoweverLong_AndNotOneThatWasChanged(int length)
    {
        var summary = new byte[length];
        new Random(1).NextBytes(summary);
        var path = BundlePacker.Pack(directory.Bundle(), directory.Place("b.rollout.tar.zst"), new PackOptions { Time = PackingDirectory.LongAfter.Time, Summarise = _ => summary }).Path;

        Summary(path).ShouldBe(summary);
        var bytes = File.ReadAllBytes(path);
        foreach (var at in new[] { 25, 24 + length, 24 + length + 1, 24 + length + 8, 24 + length + 9, 5, 1 })
        {
            File.WriteAllBytes(path, [.. bytes[..^at], (byte)(bytes[^at] ^ 1), .. bytes[^(at - 1)..]]);
            Summary(path).ShouldBeNull(customMessage: $"a byte {at} before the end");
        }

        File.WriteAllBytes(path, bytes[..^1]);
        Summary(path).ShouldBeNull();
    }

    [Fact]
    public void ASummary_AShortLog_AndPayloads_AreReadOfTheFileThatWasOpened()
    {
        var path = BundlePacker.Pack(directory.Bundle(payloads: ["1", "22"]), directory.Place("b.rollout.tar.zst"), new PackOptions { Time = PackingDirectory.LongAfter.Time, Summarise = _ => [7] }).Path;
        using var packed = PackedBundle.Open(path);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        packed.ReadSummary().ShouldBe([7]);
        using var log = new StreamReader(packed.OpenRead("trace.jsonl"));
        log.ReadToEnd().ShouldBe(PackingDirectory.End + "\n");
        using var payload = packed.Read("payloads/2.json", 100);
        payload.Span.ToArray().ShouldBe("22"u8.ToArray());
    }

    [Fact]
    public void IsPacked_TellsByTheBeginning()
    {
        var packed = BundlePacker.Pack(directory.Bundle()).Path;
        File.Move(packed, directory.Place("anything"));

        PackedBundle.IsPacked(directory.Place("anything")).ShouldBeTrue();
        PackedBundle.IsPacked(directory.Place("bundle/trace.jsonl")).ShouldBeFalse();
        PackedBundle.IsPacked(directory.Place("bundle")).ShouldBeFalse();
        PackedBundle.IsPacked(directory.Place("none")).ShouldBeFalse();
    }

    public void Dispose() => directory.Dispose();

    private static byte[]? Summary(string path)
    {
        using var packed = PackedBundle.Open(path);
        return packed.ReadSummary();
    }

    private PackedBundle Open(string bundle, string name = "packed") =>
        PackedBundle.Open(BundlePacker.Pack(bundle, directory.Place($"{name}{PackedFormat.Extension}")).Path);

    private void Compare(string bundle)
    {
        using var packed = PackedBundle.Open(BundlePacker.Pack(bundle, directory.Place("case.rollout.tar.zst"), PackingDirectory.LongAfter).Path);

        // Messages name the file, which is another one.
        StateOf(BundleReader.Open(packed)).Replace(packed.DisplayName, "<bundle>", StringComparison.Ordinal)
            .ShouldBe(StateOf(BundleReader.Open(bundle)).Replace(Path.GetFullPath(bundle), "<bundle>", StringComparison.Ordinal));
        StrictErrorOf(BundleReader.Open(packed))?.Replace(packed.DisplayName, "<bundle>", StringComparison.Ordinal)
            .ShouldBe(StrictErrorOf(BundleReader.Open(bundle))?.Replace(Path.GetFullPath(bundle), "<bundle>", StringComparison.Ordinal));
    }

    private static string StateOf(BundleReader bundle)
    {
        try
        {
            return TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph);
        }
        catch (BundleException e)
        {
            return e.Message;
        }
    }

    private static string? StrictErrorOf(BundleReader bundle)
    {
        try
        {
            RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
            return null;
        }
        catch (Exception e) when (e is BundleException or ReductionException)
        {
            return e.Message;
        }
    }
}
