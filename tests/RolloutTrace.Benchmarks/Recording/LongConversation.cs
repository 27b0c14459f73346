using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Benchmarks.Generation;
using RolloutTrace.Bundle;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>
/// One rollout of many turns, recorded by a real provider: three requests a turn, each with all that was said before it and a little more, as fast as the
/// disk takes it.
/// </summary>
internal sealed class LongConversation : IDisposable
{
    private const int RequestsATurn = 3;

    // Calls that are looked at one by one are not kept waiting for room: there is room again after so many.
    private const int RequestsBetweenWaits = 50;

    private readonly TracerProvider provider;
    private readonly AgentSession session;
    private readonly string root;
    private readonly ArrayBufferWriter<byte> request = new();
    private readonly TextSource text = new(new Random(1), scale: 1);

    /// <param name="root">Where bundles go.</param>
    /// <param name="storage">In which form.</param>
    public LongConversation(string root, BundleStorage storage)
    {
        this.root = root;
        provider = Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(root, options =>
            {
                options.BundleRoot = root;
                options.Storage = storage;
                options.MaxCallerWait = TimeSpan.FromMinutes(10);
                options.DrainTimeout = TimeSpan.FromMinutes(10);
                options.ExitTimeout = Timeout.InfiniteTimeSpan;
            })
            .Build();
        session = RolloutTracing.StartSession();
        request.Write("{\"model\":\"gpt-5\",\"input\":["u8);
    }

    /// <summary>Bytes of the requests together.</summary>
    public long RequestBytes { get; private set; }

    /// <summary>Records so many turns; milliseconds until all of it is on disk.</summary>
    public double Record(int turns)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < turns; i++)
        {
            using var turn = session.StartTurn();
            for (var n = 0; n < RequestsATurn; n++)
            {
                Ask(turn, Next());
            }
        }

        provider.ForceFlush();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The 99th percentile of what a request takes of its caller's time, in nanoseconds, where the queue has room.</summary>
    public double Percentile99(int requests)
    {
        var ticks = new long[requests];
        using var turn = session.StartTurn();
        for (var i = 0; i < requests; i++)
        {
            if (i % RequestsBetweenWaits == 0)
            {
                provider.ForceFlush();
            }

            var next = Next();
            var start = Stopwatch.GetTimestamp();
            Ask(turn, next);
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        return ticks[requests * 99 / 100] * (1e9 / Stopwatch.Frequency);
    }

    /// <summary>Ends the rollout and the provider, with whatever is to be done to the bundle; milliseconds.</summary>
    public double End()
    {
        var start = Stopwatch.GetTimestamp();
        session.Complete();
        provider.Dispose();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Bytes below the root, and number of files.</summary>
    public (long Bytes, int Files) OnDisk()
    {
        var files = new DirectoryInfo(root).GetFiles("*", SearchOption.AllDirectories);
        return (files.Sum(static file => file.Length), files.Length);
    }

    public void Dispose() => provider.Dispose();

    private static void Ask(Turn turn, ReadOnlyMemory<byte> json)
    {
        using var asked = turn.StartModelRequest("gpt-5", json);
        asked.Complete("resp_1", new TokenUsage(1, 1), JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ok"}]}]"""));
    }

    // The memory is this object's and another request's with the next call; whoever records it has copied it by then.
    private ReadOnlyMemory<byte> Next()
    {
        var said = JsonSerializer.Serialize(text.Prose(20) + text.Uuid(1770000000000 + RequestBytes));
        var item = $"{{\"type\":\"message\",\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":{said}}}]}}";
        if (request.WrittenCount > 40)
        {
            request.Write(","u8);
        }

        Encoding.UTF8.GetBytes(item, request);
        var length = request.WrittenCount;
        request.GetSpan(2)[..2].Clear();
        "]}"u8.CopyTo(request.GetSpan(2));
        RequestBytes += length + 2;

        // What is behind the end is written over by the next item.
        return System.Runtime.InteropServices.MemoryMarshal.AsMemory(request.WrittenMemory) is { } written
            && System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(written, out var array)
            ? array.Array.AsMemory(array.Offset, length + 2)
            : throw new InvalidOperationException("a buffer without an array");
    }
}
