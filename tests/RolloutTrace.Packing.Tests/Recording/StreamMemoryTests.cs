using System.Text;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing.Tests.Recording;

public sealed class StreamMemoryTests : IDisposable
{
    private const int WindowLog = 20;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly PackingDirectory directory = new();
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void Rollouts_one_after_another_go_on_with_one_compressor_and_each_writes_what_it_would_alone()
    {
        using var memory = Memory(windows: 16);
        foreach (var name in new[] { "first", "second", "third" })
        {
            Recorded(memory, name).ShouldBe(Recorded(Memory(windows: 1), name + "-alone"));
            memory.Spares.Count.ShouldBe(1, name);
        }
    }

    [Fact]
    public void One_that_stopped_within_a_frame_leaves_nothing_to_the_next()
    {
        using var memory = Memory(windows: 16);
        using (var stopped = Stream(memory, "stopped"))
        {
            stopped.Write(1, Payload(100));
        }

        memory.Spares.Count.ShouldBe(0);
    }

    [Fact]
    public void What_nobody_goes_on_with_is_given_back()
    {
        using var memory = Memory(windows: 16);
        Recorded(memory, "first");

        time.Advance(Idle / 2);
        memory.Look();
        memory.Spares.Count.ShouldBe(1);
        time.Advance(Idle / 2);
        memory.Look();

        memory.Spares.Count.ShouldBe(0);
    }

    // A history takes what is new and not the window, so many more of them have room.
    [Theory]
    [InlineData(10, true)]
    [InlineData(3, false)]
    public void Histories_count_for_what_they_take(int windows, bool haveRoom)
    {
        using var memory = Memory(windows);
        var streams = Enumerable.Range(0, 12).Select(i => Stream(memory, $"s{i}")).ToArray();
        var request = Payload(60_000);
        for (var number = 1; number <= 6; number++)
        {
            foreach (var stream in streams)
            {
                stream.Write(number, number == 1 ? new PayloadInParts(default, request) : new PayloadInParts(request, "1"u8, number - 1));
                stream.Flush();
            }
        }

        foreach (var stream in streams)
        {
            stream.Close();
            stream.Dispose();
        }

        // Two frames say the whole request, or each does.
        var written = Directory.GetFiles(directory.Path, "*.zst", SearchOption.AllDirectories).Select(file => new FileInfo(file).Length).ToArray();
        written.Length.ShouldBe(12);
        (written.Max() < 60_000 * 3).ShouldBe(haveRoom);
    }

    public void Dispose() => directory.Dispose();

    private static byte[] Payload(int bytes)
    {
        var random = new Random(bytes);
        return [.. Enumerable.Range(0, bytes).Select(_ => (byte)random.Next(256))];
    }

    private StreamMemory Memory(int windows) => new(windows * PackedStorage.MemoryOf(WindowLog), PackedStorage.MemoryOf(WindowLog), Idle, time);

    private byte[] Recorded(StreamMemory memory, string name)
    {
        using var stream = Stream(memory, name);
        for (var number = 1; number <= 3; number++)
        {
            stream.Write(number, Encoding.UTF8.GetBytes($$"""{"input":["{{new string('x', number * 100)}} again and again"]}"""));
            stream.Flush();
        }

        stream.Close();
        return File.ReadAllBytes(Path.Join(directory.Place(name), "b", "payloads", BundleLayout.PackedPayloadsFileName));
    }

    private PackedPayloads Stream(StreamMemory memory, string name)
    {
        var payloads = Directory.CreateDirectory(Path.Join(directory.Place(name), "b", "payloads")).FullName;
        var manifest = new BundleManifest { TraceId = "t", RolloutId = "r", RootThreadId = "r", StartedAtUnixMs = 1770000000000 };
        return new PackedPayloads(payloads, manifest, new PackedPayloadsSettings(Level: 1, WindowLog), memory);
    }
}
