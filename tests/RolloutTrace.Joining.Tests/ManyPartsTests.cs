using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Tests;

/// <summary>Very many bundles, whose manifests and clocks are as bad as they can be: what each costs does not depend on how many there are.</summary>
public sealed class ManyPartsTests
{
    // Buffers of the first few weigh more; a cost that grows with the number would be four times as much.
    private const double MostGrowth = 1.5;

    public static int Scale { get; } = int.TryParse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_MANY_PARTS"), out var scale) ? scale : 400;

    [Fact]
    public void Clocks_that_contradict_each_other_cost_each_part_the_same()
    {
        var (few, many) = (Cost(Contradictory(Scale)), Cost(Contradictory(4 * Scale)));

        many.Result.Parts.Count.ShouldBe(1 + (12 * Scale));
        many.Result.Apart.ShouldBeEmpty();
        (many.BytesAPart / few.BytesAPart).ShouldBeLessThan(MostGrowth, $"{few.BytesAPart:0} and {many.BytesAPart:0} bytes a part");
    }

    [Fact]
    public void Very_many_callees_of_one_tool_call_cost_each_the_same_and_have_a_name_each()
    {
        var (few, many) = (Cost(OfOneCaller(Scale)), Cost(OfOneCaller(4 * Scale)));

        many.Result.Parts.Count.ShouldBe(1 + (4 * Scale));
        many.Paths.Distinct().Count().ShouldBe(1 + (4 * Scale));
        (many.BytesAPart / few.BytesAPart).ShouldBeLessThan(MostGrowth, $"{few.BytesAPart:0} and {many.BytesAPart:0} bytes a part");
    }

    [Fact]
    public void Hostile_callers_stay_apart_each_with_its_reason_and_cost_each_the_same()
    {
        var (few, many) = (Cost(Hostile(Scale)), Cost(Hostile(4 * Scale)));

        many.Result.Parts.Select(static part => part.RolloutId).ShouldBe(["root"]);
        many.Result.Apart.Count.ShouldBe(4 * Scale);
        many.Result.Apart.ShouldAllBe(static apart => apart.Reason.StartsWith("its caller", StringComparison.Ordinal));
        (many.BytesAPart / few.BytesAPart).ShouldBeLessThan(MostGrowth, $"{few.BytesAPart:0} and {many.BytesAPart:0} bytes a part");
    }

    [Fact]
    public void A_long_circle_is_an_error_that_names_some()
    {
        var length = 4 * Scale;
        var circle = Enumerable.Range(0, length).Select(i => new ProcessBundle($"p{i}", caller: new CallerReference { RolloutId = $"p{(i + 1) % length}" }).Start(0));

        Should.Throw<JoinException>(() => Join(circle)).Message.ShouldStartWith("the rollouts have called each other in a circle: p0 by p1 by p2");
    }

    // Each of three has a caller which has an end wait for one that goes on from what begins only behind that end.
    private static IEnumerable<ProcessBundle> Contradictory(int count)
    {
        yield return new ProcessBundle("root").Start(0);
        for (var i = 0; i < count; i++)
        {
            yield return new ProcessBundle($"caller-{i}", caller: new CallerReference { RolloutId = "root" }).Start(10).ToolStart(10, "a").ToolEnd(10, "a", "x").ToolStart(10, "b");
            yield return new ProcessBundle($"callee-{i}", caller: new CallerReference { RolloutId = $"caller-{i}", ToolCallId = "b" }, traceId: $"recording-{i}-1").Start(10);
            yield return new ProcessBundle($"callee-{i}", caller: new CallerReference { RolloutId = $"caller-{i}", ToolCallId = "a" }, traceId: $"recording-{i}-2", resumedFrom: $"recording-{i}-1").Start(-1000, "turn-2").End(-1000, "turn-2");
        }
    }

    private static IEnumerable<ProcessBundle> OfOneCaller(int count)
    {
        yield return new ProcessBundle("root").Start(0).ToolStart(10, "c").ToolEnd(1000, "c", "x").End(1010);
        for (var i = 0; i < count; i++)
        {
            yield return new ProcessBundle($"callee-{i}", zero: i % 7 * 100_000, caller: new CallerReference { RolloutId = "root", ToolCallId = "c" }).Start(20, nickname: "same").End(30);
        }
    }

    private static IEnumerable<ProcessBundle> Hostile(int count)
    {
        yield return new ProcessBundle("root").Start(0);
        for (var i = 0; i < count; i++)
        {
            yield return new ProcessBundle($"hostile-{i}", zero: (i % 3 - 1) * 4_000_000_000_000_000, caller: (i % 4) switch
            {
                0 => new CallerReference { RolloutId = "../../etc", ThreadId = "/", ToolCallId = "..\\.." },
                1 => new CallerReference { RolloutId = "root", ToolCallId = "none" },
                2 => new CallerReference { Otel = ProcessBundle.Span('f', 'f') },
                _ => new CallerReference { RolloutId = "root", ThreadId = "hostile-1" },
            }).Start(0);
        }
    }

    private static (JoinResult Result, double BytesAPart, IReadOnlyList<string> Paths) Cost(IEnumerable<ProcessBundle> bundles)
    {
        var sources = Sources(bundles);
        var directory = Directory.CreateTempSubdirectory("rollout-trace-many-");
        try
        {
            var target = Path.Join(directory.FullName, "joined");
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = RolloutJoiner.Join(sources, target);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            var paths = BundleReader.Open(target).ReadEvents().Select(static line => line.Event?.Payload).OfType<ThreadStartedEvent>().Select(static thread => thread.AgentPath).ToList();
            return (result, (double)bytes / sources.Count, paths);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Join(IEnumerable<ProcessBundle> bundles) => RolloutJoiner.Join(Sources(bundles), Path.Join(Path.GetTempPath(), Guid.NewGuid().ToString("N")));

    private static List<JoinSource> Sources(IEnumerable<ProcessBundle> bundles) =>
        [.. bundles.Select(static bundle => bundle.InMemory()).Select(static files => new JoinSource(files.Name, () => (BundleReader.Open(files), null)))];
}
