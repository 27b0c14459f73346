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
            List<long> ids = [0];
            for (var n = 0; n < 30; n++)
            {
                document = Next(document, random);
                if (history.Take(document) is { } shared)
                {
                    taken.Add((shared, document.ToArray()));
                    (shared.Before, shared.Id).ShouldBe((ids[^1], ids[^1] + 1));
                    ids.Add(shared.Id);
                }
            }

            for (var i = 0; i < taken.Count; i++)
            {
                var (shared, bytes) = taken[i];
                shared.Head.SequenceEqual(bytes.AsSpan(0, shared.HeadLength)).ShouldBeTrue();
                var before = i > 0 ? taken[i - 1].Document : [];
                shared.Same.ShouldBe(bytes.AsSpan().CommonPrefixLength(before));
            }

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
    public void Where_requests_share_nothing_ever_fewer_of_them_are_kept_until_they_do_again()
    {
        var history = new RequestHistory();
        var random = new Random(1);
        var looked = 0;
        var request = new byte[20_000];
        for (var n = 0; n < 1000; n++)
        {
            random.NextBytes(request);
            looked += history.Take(request) is null ? 0 : 1;
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
