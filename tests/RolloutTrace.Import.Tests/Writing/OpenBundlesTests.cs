using RolloutTrace.Bundle;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Tests.Writing;

public sealed class OpenBundlesTests
{
    // In all more than the 32,768 events that may wait.
    private const int Events = 9_000;

    [Fact]
    public void Bundles_that_are_written_at_the_same_time_are_those_that_are_written_one_by_one_however_many_events_wait()
    {
        // One is complete in between, one is thrown away.
        using var directory = new ImportDirectory();
        var open = new OpenBundles();
        var bundles = Enumerable.Range(0, 5).Select(number => Create(directory, "together", number, open)).ToList();
        bundles.ForEach(static bundle => bundle.IsOneOfMany = true);
        for (var at = 1; at <= Events; at++)
        {
            foreach (var number in Enumerable.Range(0, 5).Where(number => at <= CountOf(number)))
            {
                Add(bundles[number], at);
            }

            if (at == CountOf(1))
            {
                bundles[1].Complete();
                bundles[2].Dispose();
            }
        }

        foreach (var number in new[] { 0, 3, 4 })
        {
            bundles[number].Complete();
        }

        foreach (var number in new[] { 0, 1, 3, 4 })
        {
            using var alone = Create(directory, "alone", number, new OpenBundles());
            for (var at = 1; at <= CountOf(number); at++)
            {
                Add(alone, at);
            }

            alone.Complete();
        }

        Files(directory, "together").ShouldBe(Files(directory, "alone"));
    }

    private static int CountOf(int number) => number is 1 or 2 ? Events / 2 : Events;

    private static ImportedBundle Create(ImportDirectory directory, string where, int number, OpenBundles open)
    {
        var root = Path.Join(directory.Output, where);
        Directory.CreateDirectory(root);
        return ImportedBundle.Create(root, new BundleManifest { TraceId = $"trace-{number}", RolloutId = $"rollout-{number}", RootThreadId = "main", StartedAtUnixMs = 1 }, open);
    }

    private static void Add(ImportedBundle bundle, int at)
    {
        var context = new RolloutEventContext("main", $"turn-{at}", Span: null) { WallTimeUnixMs = at };
        if (at % 1024 == 0)
        {
            bundle.Record(context, PayloadKind.ProtocolEvent, (ReadOnlyMemory<byte>)"""{"a":1}"""u8.ToArray(), at, static (_, reference) => new ProtocolEventObservedEvent { EventType = "x", EventPayload = reference });
        }
        else
        {
            bundle.Record(context, new CodexTurnStartedEvent { CodexTurnId = $"turn-{at}", ThreadId = "main" });
        }
    }

    private static List<(string Path, string Content)> Files(ImportDirectory directory, string where) =>
        [.. Directory.GetFiles(Path.Join(directory.Output, where), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(Path.Join(directory.Output, where), file), File.ReadAllText(file)))];
}
