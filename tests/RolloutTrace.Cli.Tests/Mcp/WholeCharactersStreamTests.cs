using System.Text;
using System.Text.RegularExpressions;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Cli.Tests.Mcp;

public class WholeCharactersStreamTests
{
    private static readonly string[] Pieces =
        ["a", "\"", "}", "u", "d83d", "\\n", "\\\\", "\\\"", "\\u0041", "\\ud83d", "\\uD83D", "\\udbff", "\\ude00", "\\uDFFF", "\\u", "\\ud", "\\ud8", "\\ud83", "\\uzzzz", "é", "🚀"];

    [Fact]
    public async Task HalvesOfPairsThatStandAlone_AreReplaced_HoweverTheMessageComes_AndNoneWaitsForTheNext()
    {
        for (var run = 0; run < Search.Runs(400); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            var random = new Random(seed);
            await using var input = new Pieced(random);
            await using var stream = new WholeCharactersStream(input);
            for (var message = 0; message < 5; message++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length)])) + "\"}\n";
                input.Add(Encoding.UTF8.GetBytes(text));

                var given = new byte[Encoding.UTF8.GetByteCount(text)];
                await stream.ReadExactlyAsync(given);

                Encoding.UTF8.GetString(given).ShouldBe(Mended(text), $"seed {seed}");
            }

            input.IsOver = true;
            (await stream.ReadAsync(new byte[10])).ShouldBe(0);
        }
    }

    // What a text says, escape by escape.
    private static string Mended(string text) => Regex.Replace(
        text,
        """\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.""",
        static match => match.Groups["half"].Success ? "\\ufffd" : match.Value,
        RegexOptions.Singleline,
        TimeSpan.FromSeconds(10));

    // Gives what was added in pieces of any length, and nothing beyond.
    private sealed class Pieced(Random random) : MemoryStream
    {
        private readonly Queue<byte> left = new();

        public bool IsOver { get; set; }

        public void Add(byte[] bytes)
        {
            foreach (var one in bytes)
            {
                left.Enqueue(one);
            }
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            (left.Count > 0 || IsOver).ShouldBeTrue("all of the message is there, and more is waited for");
            var count = Math.Min(Math.Min(left.Count, buffer.Length), random.Next(1, 9));
            for (var i = 0; i < count; i++)
            {
                buffer.Span[i] = left.Dequeue();
            }

            return ValueTask.FromResult(count);
        }
    }
}
