using RolloutTrace.TestSupport;
using RolloutTrace.Viewer.Data;

namespace RolloutTrace.Viewer.Tests.Data;

public class RepeatingStreamTests
{
    [Fact]
    public void What_others_say_is_written_as_where_they_say_it_and_comes_together_again_whatever_stands_between()
    {
        for (var run = 0; run < Search.Runs(40); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            var random = new Random(seed);
            var others = new byte[random.Next(3) * random.Next(40_000)];
            random.NextBytes(others);
            var text = new MemoryStream();
            var most = 0L;
            for (var piece = random.Next(60); piece > 0; piece--)
            {
                // Of the others, from any place, or new, and as short as nothing.
                var length = random.Next(random.Next(2) == 0 ? 40 : 3000);
                var begin = random.Next(Math.Max(1, others.Length - length));
                if (random.Next(3) > 0 && begin + length <= others.Length)
                {
                    text.Write(others, begin, length);
                    most += 64 + (length >= 64 ? 0 : length);
                }
                else
                {
                    var fresh = new byte[length];
                    random.NextBytes(fresh);
                    text.Write(fresh);
                    most += 64 + length;
                }
            }

            var written = Written(text.ToArray(), others, random);

            Repeats.Undo(written, others).ShouldBe(text.ToArray(), $"seed {seed}");
            written.Length.ShouldBeLessThanOrEqualTo((int)most + 8, $"seed {seed}: what others say is not written again");
        }
    }

    [Fact]
    public void What_is_longer_than_a_block_comes_together_again()
    {
        var others = new byte[700_000];
        new Random(1).NextBytes(others);
        byte[] text = [.. others, .. "new"u8, .. others.AsSpan(5), .. others.AsSpan(0, 100)];

        var written = Written(text, others, new Random(1));

        Repeats.Undo(written, others).ShouldBe(text);
        written.Length.ShouldBeLessThan(200);
    }

    private static byte[] Written(byte[] text, byte[] others, Random random)
    {
        using var written = new MemoryStream();
        using (var stream = new RepeatingStream(written, () => others))
        {
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(text.Length - at, random.Next(1, 1 << 20));
                stream.Write(text, at, length);
                at += length;
            }
        }

        return written.ToArray();
    }
}
