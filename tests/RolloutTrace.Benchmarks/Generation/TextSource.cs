using System.Text;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>Seeded text as agents produce it: prompts, commands, compiler and test output, opaque blobs.</summary>
/// <param name="random">Chooses.</param>
/// <param name="scale">Multiplies the length of every text.</param>
/// <param name="corpus">Lines of real text of which everything is taken; null for few words again and again.</param>
internal sealed class TextSource(Random random, double scale, IReadOnlyList<string>? corpus = null)
{
    private static readonly string[] Words =
    [
        "parser", "token", "the", "retry", "budget", "cache", "fix", "failing", "test", "stream", "reducer", "in", "line",
        "index", "then", "merge", "branch", "read", "plan", "file", "of", "request", "timeout", "handler", "null", "check",
        "naïve", "écrire", "東京", "\"quoted\"", "back\\slash", "tab\there", "🚀", "and", "to", "with", "a", "config",
    ];

    private static readonly string[] Files =
    [
        "src/parser.rs", "src/stream/retry.rs", "Cache.cs", "Handlers/Timeout.cs", "tests/merge_test.py", "index.ts", "docs/plan.md",
    ];

    private static readonly string[] Programs = ["rg -n {0} src", "sed -n '1,{1}p' {2}", "git diff {2}", "cargo test {0}", "wc -l {2}", "dotnet test --filter {0}"];

    public string Prose(int meanWords)
    {
        var words = Spread(meanWords);
        if (corpus is not null)
        {
            return RealProse(words);
        }

        var text = new StringBuilder();
        for (var i = 0; i < words; i++)
        {
            text.Append(i == 0 ? "" : i % 17 == 16 ? "\n" : " ").Append(Pick(Words));
        }

        return text.ToString();
    }

    public string Command() => string.Format(System.Globalization.CultureInfo.InvariantCulture, Pick(Programs), Pick(Words[..12]), random.Next(40, 400), Pick(Files));

    /// <summary>Lines such as a search or a compiler prints.</summary>
    public string Output(int meanLines)
    {
        var lines = Spread(meanLines);
        var text = new StringBuilder();
        for (var i = 0; i < lines; i++)
        {
            text.Append(Pick(Files)).Append(':').Append(random.Next(1, 900)).Append(": ").Append(corpus is null ? Prose(4) : corpus[random.Next(corpus.Count)]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>An encrypted blob as a provider hands it out: base64, unlike any other.</summary>
    public string Blob(int bytes)
    {
        var blob = new byte[Math.Max(12, (int)(bytes * scale))];
        random.NextBytes(blob);
        return "gAAAAAB" + Convert.ToBase64String(blob);
    }

    /// <summary>A UUID of version 7 at a given time.</summary>
    public string Uuid(long unixMs)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (unixMs << 16) | 0x7000 | (long)random.Next(0x1000));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public bool OneIn(int n) => random.Next(n) == 0;

    public int Next(int from, int to) => random.Next(from, to);

    /// <summary>Mostly short, now and then long: between half and three times the mean.</summary>
    private int Spread(int mean)
    {
        var share = random.NextDouble();
        return Math.Max(1, (int)(mean * scale * (0.5 + (2.5 * share * share * share))));
    }

    // From anywhere on, as it stands there.
    private string RealProse(int words)
    {
        var text = new StringBuilder();
        for (var line = random.Next(corpus!.Count); words > 0; line = (line + 1) % corpus.Count)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(corpus[line]);
            words -= corpus[line].Count(' ') + 1;
        }

        return text.ToString();
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
