using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.TestSupport;

namespace RolloutTrace.GenAI.Tests.Whole;

public sealed class ArrivalTests
{
    private static readonly string[] Names = ["extensions-ai-chat-completions.json", "extensions-ai-responses.json", "extensions-ai-content-off.json", "agent-framework.json"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_arrival_gives_the_same_bundles_byte_for_byte(int trace)
    {
        var spans = RecordedSpans.Read(Names[trace]);
        using var expected = new MappedBundles(spans);
        var files = expected.Files;
        files.Count.ShouldBeGreaterThan(20);

        Prop.ForAll(Gen.Shuffle(spans.ToArray()).ToArbitrary(), shuffled =>
        {
            // Where they wait does not show either: some in memory, the others on the disk.
            using var bundles = new MappedBundles(shuffled, inMemory: 10_000);
            return bundles.Files.OrderBy(f => f.Key, StringComparer.Ordinal).SequenceEqual(files.OrderBy(f => f.Key, StringComparer.Ordinal));
        }).ShouldHold(12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Spans_that_were_put_aside_give_the_same_bundles(int trace)
    {
        var spans = RecordedSpans.Read(Names[trace]);
        using var kept = new MappedBundles(spans);
        using var aside = new MappedBundles(spans, inMemory: 0);

        aside.Files.ShouldBe(kept.Files);
        aside.Summary.ShouldBe(kept.Summary);
    }

    [Fact]
    public void Spans_that_come_twice_count_once()
    {
        var spans = Names.SelectMany(name => RecordedSpans.Read(name)).ToList();
        using var once = new MappedBundles(spans);
        using var twice = new MappedBundles(spans.Concat(Enumerable.Reverse(spans)));

        twice.Files.ShouldBe(once.Files);
    }

    [Fact]
    public void A_span_that_came_before_its_end_counts_as_it_ended()
    {
        var spans = RecordedSpans.Read(Names[3]);
        using var once = new MappedBundles(spans);
        using var early = new MappedBundles(spans.Select(span => span with { End = null, Attributes = [] }).Concat(spans));

        early.Files.ShouldBe(once.Files);
    }
}
