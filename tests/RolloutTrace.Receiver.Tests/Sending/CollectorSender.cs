using System.Net;
using System.Text;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests.Sending;

/// <summary>Sends records as a Collector does that has them from many: in batches, in no order, some of them twice; what is not acknowledged comes again, also when nobody is there.</summary>
internal sealed class CollectorSender(Func<string> address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>What else was answered than that all is well.</summary>
    public List<string> Complaints { get; } = [];

    public void Dispose() => http.Dispose();

    /// <summary>Batches of records, shuffled, some twice.</summary>
    public static IReadOnlyList<IReadOnlyList<BundleRecord>> Batches(IEnumerable<BundleRecord> records, int seed, bool twice)
    {
        var random = new Random(seed);
        var all = records.ToList();
        if (twice)
        {
            all.AddRange(all.Where(_ => random.Next(4) == 0).ToList());
        }

        var shuffled = all.ToArray();
        random.Shuffle(shuffled);
        var batches = new List<IReadOnlyList<BundleRecord>>();
        for (var at = 0; at < shuffled.Length;)
        {
            var count = random.Next(1, 60);
            batches.Add(shuffled[at..Math.Min(at + count, shuffled.Length)]);
            at += count;
        }

        return batches;
    }

    /// <summary>Sends a batch until it is acknowledged.</summary>
    public async Task SendAsync(IReadOnlyList<BundleRecord> batch)
    {
        var body = Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson(batch));
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.IsCancellationRequested.ShouldBeFalse($"nobody has acknowledged a batch: {string.Join("; ", Complaints.TakeLast(5))}");
            try
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                using var answer = await http.PostAsync($"{address()}/v1/logs", content, limit.Token);
                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    text.ShouldBe("{}");
                    return;
                }

                Complaints.Add($"{(int)answer.StatusCode} {text}");
                answer.StatusCode.ShouldBeOneOf(HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable);
            }
            catch (HttpRequestException e)
            {
                Complaints.Add(e.Message);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
