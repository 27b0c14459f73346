using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization;

namespace RolloutTrace.CrashTarget;

/// <summary>Payloads that are far too large, at default settings, and what they cost the thread that gives them.</summary>
internal static partial class LargePayloads
{
    /// <summary>Says <c>cost</c>: milliseconds, MB allocated by the thread, MB more in memory at most, for a tool call's input and result and a compaction.</summary>
    public static int Give(string root, string kind, bool capturesContent)
    {
        using var provider = Recorder.Start(root);
        using var session = RolloutTracing.StartSession(new() { CaptureMessageContent = capturesContent });
        using var turn = session.StartTurn();
        var payload = Payload(kind);
        Give(turn, JsonPayload.OfJson("[]"));
        var resident = PeakMegabytes();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();

        Give(turn, payload);

        var milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.Out.WriteLine($"cost {milliseconds} {allocated >> 20} {PeakMegabytes() - resident}");
        return 0;
    }

    private static void Give(Turn turn, JsonPayload payload)
    {
        using (var tool = turn.StartToolCall(new() { Name = "fetch", Arguments = payload }))
        {
            tool.Complete(payload);
        }

        using var compaction = turn.StartCompaction();
        compaction.Install(payload, payload);
    }

    private static JsonPayload Payload(string kind) => kind switch
    {
        "endless" => JsonPayload.From(Endless(), LargeContract.Default.IEnumerableString),
        "bytes" => Encoding.UTF8.GetBytes($"[\"{new string('x', 200_000_000)}\"]"),
        "object" => JsonPayload.From(Enumerable.Repeat("0123456789", 20_000_000), LargeContract.Default.IEnumerableString),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    private static IEnumerable<string> Endless()
    {
        while (true)
        {
            yield return "endless";
        }
    }

    private static long PeakMegabytes() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) >> 10;

    [JsonSerializable(typeof(IEnumerable<string>))]
    private sealed partial class LargeContract : JsonSerializerContext;
}
