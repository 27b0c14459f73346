using System.Text;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests.Payloads;

public sealed class PayloadsAheadTests
{
    private const string Manifest =
        """{"schema_version":1,"trace_id":"trace-1","rollout_id":"rollout-1","root_thread_id":"thread-1","started_at_unix_ms":1770000000000,"raw_event_log":"trace.jsonl","payloads_dir":"payloads"}""";

    // Few are read where they are asked for, many on a thread of its own; the larger ones are more than it reads ahead.
    [Theory]
    [InlineData(3, 10)]
    [InlineData(400, 10)]
    [InlineData(40, 300_000)]
    public void Each_comes_in_its_turn_and_nothing_in_the_place_of_what_is_missing(int count, int length)
    {
        using var ahead = new PayloadsAhead(Bundle(count, length), References(count));

        for (var number = 1; number <= count; number++)
        {
            using var payload = ahead.Take();
            (payload is null ? null : Encoding.ASCII.GetString(payload.Span)).ShouldBe(IsMissing(number) ? null : Content(number, length));
        }
    }

    [Fact]
    public void Whoever_stops_in_the_middle_waits_for_nothing()
    {
        using (var ahead = new PayloadsAhead(Bundle(40, 300_000), References(40)))
        {
            ahead.Take()!.Dispose();
        }

        using (new PayloadsAhead(Bundle(40, 300_000), References(40)))
        {
        }
    }

    [Fact]
    public void What_files_throw_that_they_should_not_is_thrown_to_whoever_takes()
    {
        var bundle = BundleReader.Open(new FailingFiles(Files(40, 10), "payloads/17.json"));
        using var ahead = new PayloadsAhead(bundle, References(40));
        for (var number = 1; number < 17; number++)
        {
            ahead.Take()?.Dispose();
        }

        Should.Throw<InvalidOperationException>(() => ahead.Take()).Message.ShouldBe("a program's own files fail");
    }

    private static bool IsMissing(int number) => number % 10 == 3;

    private static string Content(int number, int length) => number.ToString().PadRight(length);

    private static PayloadReference[] References(int count) =>
        [.. Enumerable.Range(1, count).Select(static number => new PayloadReference { RawPayloadId = $"raw_payload:{number}", Kind = PayloadKind.InferenceRequest, Path = $"payloads/{number}.json" })];

    private static BundleReader Bundle(int count, int length) => BundleReader.Open(new MemoryFiles("bundle", Files(count, length)));

    private static Dictionary<string, byte[]> Files(int count, int length)
    {
        var files = Enumerable.Range(1, count).Where(static number => !IsMissing(number))
            .ToDictionary(static number => $"payloads/{number}.json", number => Encoding.ASCII.GetBytes(Content(number, length)));
        files["manifest.json"] = Encoding.UTF8.GetBytes(Manifest);
        files["trace.jsonl"] = [];
        return files;
    }

    private sealed class FailingFiles(Dictionary<string, byte[]> files, string failing) : BundleFiles
    {
        private readonly MemoryFiles inner = new("bundle", files);

        public override string Name => inner.Name;

        public override string DisplayName => inner.DisplayName;

        public override bool Exists(string name) => inner.Exists(name);

        public override long GetLength(string name) => inner.GetLength(name);

        public override IEnumerable<BundleFile> List(string directory) => inner.List(directory);

        public override Stream OpenRead(string name) => name == failing ? throw new InvalidOperationException("a program's own files fail") : inner.OpenRead(name);

        public override BundleWriterState FindWriter(string? lockId) => BundleWriterState.Unknown;
    }
}
