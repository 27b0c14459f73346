using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.Recording;

public class RequestHistoriesTests
{
    private const long Mebibyte = 1 << 20;

    private readonly RolloutBundle bundle = new("trace-1", new BundleManifest { TraceId = "1", RolloutId = "1", RootThreadId = "t", StartedAtUnixMs = 0 }, recording: null!);

    [Fact]
    public void With_default_options_64_packed_rollouts_with_requests_of_2_MB_share_what_their_requests_begin_with_also_in_1_GiB()
    {
        foreach (var available in new[] { 768 * Mebibyte, 64_000 * Mebibyte })
        {
            var histories = new RequestHistories(RequestHistories.MostKept(new RolloutTracingOptions().QueueLimitBytes, refersBack: true, available));
            Shared(histories, rollouts: 64, bytes: 2_000_000).ShouldBe(64);
        }
    }

    [Theory]
    [InlineData(64, false, 64_000, 16)]
    [InlineData(64, true, 64_000, 192)]
    [InlineData(64, true, 400, 100)]
    [InlineData(64, true, 10, 16)]
    [InlineData(8, true, 64_000, 24)]
    [InlineData(1, true, 64_000, 16)]
    [InlineData(4_000_000_000_000, true, 64_000, 16_000)]
    public void What_is_kept_follows_the_bound_of_the_queue_and_what_the_process_may_have(long queue, bool refersBack, long available, long kept) =>
        RequestHistories.MostKept(queue * Mebibyte, refersBack, available * Mebibyte).ShouldBe(kept * Mebibyte);

    [Fact]
    public void Where_more_go_round_than_there_is_room_for_those_that_have_room_keep_it() =>
        Shared(new RequestHistories(10 * Mebibyte), rollouts: 16, bytes: 1_000_000).ShouldBeInRange(7, 10);

    [Fact]
    public void What_was_not_used_for_a_while_makes_room()
    {
        var histories = new RequestHistories(4 * Mebibyte);
        var request = new byte[3_000_000];
        Take(histories, "a", request, now: 0).ShouldBe(0);
        Take(histories, "b", request, now: 4_999).ShouldBeNull();
        Take(histories, "b", request, now: 5_000).ShouldBe(0);
        Take(histories, "b", request, now: 5_001).ShouldBe(request.Length);
    }

    [Fact]
    public void What_is_idle_is_let_go()
    {
        var histories = new RequestHistories(16 * Mebibyte);
        var request = new byte[1_000_000];
        Take(histories, "a", request, now: 0);
        Take(histories, "b", request, now: 1);
        histories.Trim(RequestHistories.IdleMilliseconds);
        histories.HasAny.ShouldBeTrue();
        Take(histories, "b", request, RequestHistories.IdleMilliseconds).ShouldBe(request.Length);
        Take(histories, "a", request, RequestHistories.IdleMilliseconds).ShouldBe(0);
        histories.Trim(2 * RequestHistories.IdleMilliseconds);
        histories.HasAny.ShouldBeFalse();
    }

    // How many threads, each of which says the same once more in its turn, say it without a copy in the end.
    private int Shared(RequestHistories histories, int rollouts, int bytes)
    {
        var request = new byte[bytes];
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < rollouts; i++)
            {
                Take(histories, $"{i}", request, now: round);
            }
        }

        return Enumerable.Range(0, rollouts).Count(i => Take(histories, $"{i}", request, now: 3) > 0);
    }

    // How much of a request was not copied; null if it was not looked at.
    private int? Take(RequestHistories histories, string thread, byte[] request, long now)
    {
        var shared = histories.Use(bundle, thread, request.Length, now)?.Take(request);
        histories.Used(bundle, thread);
        return shared?.HeadLength;
    }
}
