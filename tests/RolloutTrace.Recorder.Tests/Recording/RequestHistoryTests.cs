using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.Recording;

public class RequestHistoryTests
{
    [Fact]
    public void What_a_request_refers_to_stays_as_it_was_whatever_comes_after_it() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var history = new RequestHistory();
            var document = new byte[random.Next(1, 40_000)];
            List<(SharedRequest Shared, byte[] Document)> taken = [];
            for (var n = 0; n < 30; n++)
            {
                document = Next(document, random);
                taken.Add((history.Take(document).ShouldNotBeNull(), document.ToArray()));
                taken[^1].Shared.Id.ShouldBe(n + 1);
            }

            foreach (var (shared, bytes) in taken)
            {
                shared.Head.SequenceEqual(bytes.AsSpan(0, shared.HeadLength)).ShouldBeTrue();
                var before = shared.Before > 0 ? taken[(int)shared.Before - 1].Document : [];
                shared.Same.ShouldBeLessThanOrEqualTo(bytes.AsSpan().CommonPrefixLength(before));
            }

            taken.Count(one => one.Shared.HeadLength > 0).ShouldBe(taken.Count(one => one.Shared.Same >= Math.Max(1 << 13, one.Document.Length / 2)));
            return true;
        }).ShouldHold(60);

    [Fact]
    public void Of_a_history_that_grows_what_is_new_alone_is_copied_also_where_it_needs_more_memory()
    {
        var history = new RequestHistory();
        for (var n = 0; n < 1000; n++)
        {
            var request = new byte[20_000 + (n * 100)];
            request.AsSpan(0, request.Length - 2).Fill(1);

            var shared = history.Take(request).ShouldNotBeNull();

            shared.HeadLength.ShouldBe(n == 0 ? 0 : request.Length - 102);
            shared.Head.IndexOfAnyExcept((byte)1).ShouldBe(-1);
        }

        history.KeptBytes.ShouldBeLessThan(150_000);
    }

    [Fact]
    public void Where_requests_share_nothing_their_heads_alone_are_kept_until_they_do_again()
    {
        var history = new RequestHistory();
        var random = new Random(1);
        var request = new byte[2_000_000];
        for (var n = 0; n < 200; n++)
        {
            random.NextBytes(request);
            history.Take(request).ShouldNotBeNull().Same.ShouldBe(0);
            history.KeptBytes.ShouldBeInRange(1, n > 0 ? 10_000 : 3_000_000);
        }

        history.Take(request).ShouldNotBeNull().HeadLength.ShouldBe(0);
        history.Take(request).ShouldNotBeNull().HeadLength.ShouldBe(request.Length);
    }

    [Fact]
    public void Where_requests_share_little_ever_fewer_of_them_are_kept_until_they_do_again()
    {
        var history = new RequestHistory();
        var random = new Random(1);
        var looked = 0;
        var request = new byte[30_000];
        for (var n = 0; n < 1000; n++)
        {
            random.NextBytes(request.AsSpan(10_000));
            looked += history.Take(request) is { Same: > 0 } ? 1 : 0;
        }

        looked.ShouldBeInRange(10, 30);
        var shared = Enumerable.Range(0, 200).Count(_ => history.Take(request) is { HeadLength: > 0 });
        shared.ShouldBeInRange(130, 200);
    }

    private static byte[] Next(byte[] last, Random random)
    {
        var length = random.Next(4) == 0 ? random.Next(1, last.Length + 1) : last.Length + random.Next(600);
        var next = new byte[length];
        last.AsSpan(0, Math.Min(length, last.Length)).CopyTo(next);
        random.NextBytes(next.AsSpan(Math.Min(length, last.Length)));
        if (random.Next(6) == 0)
        {
            next[random.Next(length)]++;
        }

        return next;
    }
}
