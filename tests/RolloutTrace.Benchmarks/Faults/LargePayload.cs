using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Benchmarks.Faults;

/// <summary>Gives a payload that is far too large in a process of its own, without and with content on spans.</summary>
internal static class LargePayload
{
    // A tool call has two payloads and a compaction two, 16 MiB of each are made at most, and looked at by spans; arrays double.
    private const long MaxAllocatedMegabytes = 512;

    public static FaultOutcome Give(string kind)
    {
        var (spans, withoutContent) = Give(kind, "plain");
        var (content, withContent) = Give(kind, "content");
        return new FaultOutcome(spans && content, $"{withoutContent}; with content on spans {withContent}");
    }

    private static (bool Holds, string Seen) Give(string kind, string content)
    {
        using var target = new TargetProcess("large-payload", $"{kind} {content}");
        var exit = target.WaitForExit();
        var cost = target.Said("cost").Single().Select(long.Parse).ToArray();
        var result = RolloutReducer.Reduce(target.Bundle);
        var markers = Directory.GetFiles(Path.Join(target.Bundle, "payloads")).Count(f => File.ReadAllText(f).Contains("larger than the limit: over", StringComparison.Ordinal));
        return (
            exit == 0 && markers == 3 && result.Diagnostics.All(d => d.Code == DiagnosticCodes.PayloadReplaced) && cost[1] < MaxAllocatedMegabytes,
            $"{cost[0]} ms, {cost[1]} MB allocated, {cost[2]} MB more in memory");
    }
}
