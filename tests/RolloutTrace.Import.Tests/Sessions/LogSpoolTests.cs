using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Tests.Sessions;

public sealed class LogSpoolTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(long.MaxValue)]
    public void What_was_kept_is_what_comes_back_whenever_it_is_asked_for(long inMemory)
    {
        var spool = new LogSpool(inMemory);
        var random = new Random(7);

        // Short ones, such that just fill what is put aside at once, and longer ones, in any order.
        int[] lengths = [0, 1, 65_535, 65_536, 65_537, 200_000, .. Enumerable.Range(0, 500).Select(_ => random.Next(random.Next(4) == 0 ? 90_000 : 300))];
        var texts = lengths.Select(length => Enumerable.Range(0, length).Select(i => (byte)(i + length)).ToArray()).ToList();
        var kept = new List<LogText>();
        foreach (var text in texts)
        {
            kept.Add(spool.Keep(text));
            var earlier = random.Next(kept.Count);
            kept[earlier].Bytes.Span.SequenceEqual(texts[earlier]).ShouldBeTrue();
        }

        kept.Select(static text => text.Length).ShouldBe(lengths);
        kept.Zip(texts).ShouldAllBe(static pair => pair.First.SaysTheSame(new LogText(pair.Second)));
        spool.Close();
    }
}
