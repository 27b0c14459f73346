using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Tests;

/// <summary>What many bundles that are open and closed for now take together. Alone, since what others hold would count.</summary>
[Collection(nameof(HeldMemoryTests))]
[CollectionDefinition(nameof(HeldMemoryTests), DisableParallelization = true)]
public sealed class HeldMemoryTests
{
    private const int Bundles = 100;

    // One of these alone would be a hundredth of what all may take: long texts, and thousands of things of which each has begun.
    [Theory]
    [InlineData("events of a megabyte")]
    [InlineData("payloads of which a chunk is missing")]
    [InlineData("every other event")]
    public void A_closed_one_takes_little_whatever_came_of_it(string what)
    {
        var work = Directory.CreateTempSubdirectory("rollout-trace-collect-").FullName;
        try
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var held = Enumerable.Range(0, Bundles).Select(number => Opened(work, number, what)).ToList();
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Bundles;

            each.ShouldBeLessThan(100_000);

            // And it knows what it knew.
            foreach (var assembly in held)
            {
                assembly.IsWhole.ShouldBeFalse();
                assembly.RolloutId.ShouldBe("rollout-1");
                assembly.StartedAtUnixMs.ShouldBe(1_770_000_000_001);
                assembly.Hole!.MissingManifest.ShouldBeTrue();
                assembly.Hole.MissingSeq.Count.ShouldBe(what == "every other event" ? 1_000 : 0);
                assembly.Close();
                assembly.Add(Event(assembly.Bundle, 1, Text(what))).Fate.ShouldBe(RecordFate.Twice);
                assembly.Dispose();
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static BundleAssembly Opened(string work, int number, string what)
    {
        var assembly = BundleAssembly.Open(Path.Join(work, $"{number}"), $"bundle-{number}", new AssemblyOptions { IsDurable = false });
        Accepted(assembly, Event(assembly.Bundle, 1, Text(what)));
        for (var i = 1; i <= 1_000 && what == "every other event"; i++)
        {
            Accepted(assembly, Event(assembly.Bundle, 1 + (2 * i), ""));
        }

        for (var i = 1; i <= 1_000 && what == "payloads of which a chunk is missing"; i++)
        {
            Accepted(assembly, BundleRecords.Chunks(assembly.Bundle, i, Encoding.UTF8.GetBytes("two chunks"), chunkBytes: 5, PayloadEncoding.Utf8).First());
        }

        assembly.Flush();
        assembly.Close();
        return assembly;
    }

    private static void Accepted(BundleAssembly assembly, BundleRecord record) => assembly.Add(record).Fate.ShouldBe(RecordFate.Accepted);

    private static string Text(string what) => what == "events of a megabyte" ? new string('x', 900_000) : "short";

    private static BundleRecord Event(string bundle, long seq, string text) => new()
    {
        Kind = BundleRecordKind.RawEvent,
        Bundle = bundle,
        Seq = seq,
        Body = Encoding.UTF8.GetBytes($$$"""{"schema_version":1,"seq":{{{seq}}},"wall_time_unix_ms":{{{1_770_000_000_000 + seq}}},"rollout_id":"rollout-1","payload":{"type":"thread_started","thread_id":"thread-1","agent_path":"{{{text}}}"}}"""),
    };
}
