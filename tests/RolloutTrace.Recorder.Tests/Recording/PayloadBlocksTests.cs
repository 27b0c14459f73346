using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Recorder.Recording;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Recorder.Tests.Recording;

public class PayloadBlocksTests
{
    // Blocks of 64 KiB, for payloads of 16 KiB at most.
    private const long QueueLimit = 1 << 20;
    private const int Block = 1 << 16;
    private const int Largest = Block / 4;

    [Theory]
    [InlineData(Largest, true)]
    [InlineData(Largest + 1, false)]
    public void A_quarter_of_a_block_is_the_largest_payload(int bytes, bool holds) => new PayloadBlocks(QueueLimit, maxIdleBytes: 0).Holds(bytes).ShouldBe(holds);

    [Fact]
    public void Payloads_that_are_out_never_overlap_whatever_comes_back_when() =>
        Prop.ForAll(Gen.Choose(0, Largest).Two().ListOf().ToArbitrary(), steps =>
        {
            var blocks = new PayloadBlocks(QueueLimit, maxIdleBytes: 2 * Block);
            var rented = new List<(PayloadBlock Block, int Offset, int Bytes, byte Mark)>();
            foreach (var (bytes, which) in steps)
            {
                var (block, offset) = blocks.Rent(bytes);
                rented.Add((block, offset, bytes, (byte)rented.Count));
                block.Bytes.AsSpan(offset, bytes).Fill(rented[^1].Mark);
                if (which % 3 > 0)
                {
                    var back = rented[which % rented.Count];
                    rented.Remove(back);
                    blocks.Return(back.Block, now: 0);
                }
            }

            return rented.All(static it => !it.Block.Bytes.AsSpan(it.Offset, it.Bytes).ContainsAnyExcept(it.Mark));
        }).ShouldHold();

    [Fact]
    public void A_history_that_grows_goes_round_in_the_same_blocks()
    {
        var blocks = new PayloadBlocks(QueueLimit, maxIdleBytes: 2 * Block);
        var waiting = new Queue<PayloadBlock>();
        var seen = new HashSet<PayloadBlock>();
        for (var bytes = 1; bytes <= Largest; bytes++)
        {
            var (block, _) = blocks.Rent(bytes);
            seen.Add(block);
            waiting.Enqueue(block);
            if (waiting.Count > 3)
            {
                blocks.Return(waiting.Dequeue(), now: 0);
            }
        }

        seen.Count.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void A_block_comes_again_when_all_that_was_in_it_has_come_back_and_not_before()
    {
        var blocks = new PayloadBlocks(QueueLimit, maxIdleBytes: Block);
        var first = Fill(blocks);
        var second = Fill(blocks);
        first.ShouldNotBeSameAs(second);
        Return(blocks, first, 3);

        var third = Fill(blocks);
        third.ShouldNotBeSameAs(first);
        Return(blocks, first, 1);

        Fill(blocks).ShouldBeSameAs(first);
    }

    [Fact]
    public void What_a_rush_has_needed_is_kept_for_a_second_and_then_left_to_the_collector()
    {
        var blocks = new PayloadBlocks(QueueLimit, maxIdleBytes: Block);
        PayloadBlock[] rush = [Fill(blocks), Fill(blocks), Fill(blocks), Fill(blocks)];
        for (var i = 0; i < rush.Length; i++)
        {
            Return(blocks, rush[i], 4, now: i * 100);
        }

        // The last one goes on, one is kept for good, two are spare.
        blocks.Trim(now: 999);
        blocks.HasSpare.ShouldBeTrue();
        blocks.Trim(now: 1000);
        blocks.HasSpare.ShouldBeTrue();
        blocks.Trim(now: 1100);
        blocks.HasSpare.ShouldBeFalse();
        blocks.Trim(now: long.MaxValue);

        PayloadBlock[] again = [Fill(blocks), Fill(blocks), Fill(blocks)];
        again.Intersect(rush).ShouldBe([rush[3], rush[2]]);
    }

    private static PayloadBlock Fill(PayloadBlocks blocks) =>
        Enumerable.Range(0, 4).Select(_ => blocks.Rent(Largest).Block).ToHashSet().ShouldHaveSingleItem();

    private static void Return(PayloadBlocks blocks, PayloadBlock block, int times, long now = 0)
    {
        for (var i = 0; i < times; i++)
        {
            blocks.Return(block, now);
        }
    }
}
