using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using RolloutTrace.Receiver.Tests.Sending;
using RolloutTrace.Records;

namespace RolloutTrace.Receiver.Tests;

/// <summary>Who sends nonsense, or too much, gets an answer, costs nobody else anything, and opens nothing.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private const int MostOpen = 20;

    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> said = [];
    private Task running = Task.CompletedTask;
    private string address = "";

    private string Rollouts => Path.Join(directory, "spool", "rollouts");

    public async Task InitializeAsync()
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new RolloutReceiverOptions { Store = Path.Join(directory, "store"), Spool = Path.Join(directory, "spool"), Http = new IPEndPoint(IPAddress.Loopback, 0), Grpc = new IPEndPoint(IPAddress.Loopback, 0), MaxOpen = MostOpen };
        running = RolloutReceiver.RunAsync(options, (http, _) => ready.SetResult(http), said.Add, stop.Token);
        await Task.WhenAny(ready.Task, running).WaitAsync(TimeSpan.FromMinutes(1));
        address = await ready.Task;
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1));
        stop.Dispose();
        http.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task BeyondTheLimit_OpenOnesGoOn_AndOthersAreToldToComeAgain()
    {
        var sent = Enumerable.Range(0, MostOpen + 5).Select(number => new SentRollout(directory, number, requests: 1)).ToList();

        // A request that opens more than there may be: as many as may be are open, and the sender has to come again.
        var first = await PostAsync("/v1/logs", "application/json", Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson(sent.Select(static rollout => rollout.Records[0]))));
        first.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        Directory.GetDirectories(Rollouts).Length.ShouldBe(MostOpen);
        said.ShouldHaveSingleItem().ShouldContain("20 rollouts are open");

        // Those that are open are answered as ever, become whole, and make room.
        using var sender = new CollectorSender(() => address);
        foreach (var rollout in sent.Where(rollout => Directory.Exists(Path.Join(Rollouts, rollout.Name))).Take(5).ToList())
        {
            await sender.SendAsync(rollout.Records);
        }

        sender.Complaints.ShouldBeEmpty();
        foreach (var rollout in sent)
        {
            await sender.SendAsync(rollout.Records);
        }

        await CollectProcess.UntilAsync(() => sent.TrueForAll(rollout => rollout.Stored(Path.Join(directory, "store")) is not null), () => string.Join("; ", said));
        sent.ForEach(rollout => rollout.ShouldBeStored(Path.Join(directory, "store")));
    }

    [Theory]
    [InlineData("/v1/logs")]
    [InlineData("/v1/traces")]
    public async Task Nonsense_IsAnswered_AndOpensNothing(string path)
    {
        var random = new Random(7);
        var sound = BundleRecords.ToOtlpJson(new SentRollout(directory, 1, requests: 1).Records.Take(0));
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);

            // Often enough it begins as a message does.
            if (bytes.Length > 20 && i % 2 == 0)
            {
                (bytes[0], bytes[1], bytes[2], bytes[3]) = (0x0A, (byte)(bytes.Length - 2), 0x12, (byte)(bytes.Length - 4));
            }

            (await PostAsync(path, "application/x-protobuf", bytes)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
            (await PostAsync(path, "application/json", bytes)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
        }

        (await PostAsync(path, "application/json", Encoding.UTF8.GetBytes(new string('[', 200_000)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(path, "application/json", Encoding.UTF8.GetBytes(sound))).Status.ShouldBe(HttpStatusCode.OK);
        Directory.GetDirectories(Rollouts).ShouldBeEmpty();
        said.ShouldBeEmpty();
    }

    [Fact]
    public async Task ChunksThatLie_AreRejected_AndTheRolloutIsAsItWas()
    {
        var rollout = new SentRollout(directory, 3, requests: 1);
        var chunk = rollout.Records.First(static record => record.Kind == BundleRecordKind.Payload);
        BundleRecord[] lies =
        [
            chunk with { Payload = chunk.Payload! with { Chunks = int.MaxValue } },
            chunk with { Payload = chunk.Payload! with { Bytes = int.MaxValue } },
            chunk with { Chunk = 0 },
            chunk with { Body = "no base64!"u8.ToArray() },
            chunk with { PayloadNumber = 0 },
            chunk with { Payload = chunk.Payload! with { Encoding = "zip" } },
        ];

        foreach (var lie in lies)
        {
            var answer = await PostAsync("/v1/logs", "application/json", Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson([lie])));
            answer.Status.ShouldBe(HttpStatusCode.OK);
        }

        using var sender = new CollectorSender(() => address);
        await sender.SendAsync(rollout.Records);
        await CollectProcess.UntilAsync(() => rollout.Stored(Path.Join(directory, "store")) is not null, () => string.Join("; ", said));
        rollout.ShouldBeStored(Path.Join(directory, "store"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4_102_444_800_000)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_sender_whose_clock_is_anywhere_has_its_rollout_stored(long startedAt)
    {
        var rollout = new SentRollout(directory, 5, requests: 1);
        var records = rollout.Records.Select(record => record.Kind == BundleRecordKind.Payload ? record : record with
        {
            Body = Encoding.UTF8.GetBytes(Regex.Replace(
                Encoding.UTF8.GetString(record.Body.Span), "(?<=(started_at_unix_ms|wall_time_unix_ms)\":)[0-9]+", $"{startedAt}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10))),
        }).ToList();

        using var sender = new CollectorSender(() => address);
        await sender.SendAsync(records);

        await CollectProcess.UntilAsync(() => rollout.Stored(Path.Join(directory, "store")) is not null, () => string.Join("; ", said));
        var files = SentRollout.FilesOf(rollout.Stored(Path.Join(directory, "store"))!);
        files.Keys.ShouldContain("trace.jsonl");
        files.Keys.ShouldContain("payloads/1.json");
        sender.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_senders_of_one_rollout_have_what_came_first_and_who_says_otherwise_is_told()
    {
        var (first, second) = (new SentRollout(directory, 6, requests: 3), new SentRollout(Path.Join(directory, "other"), 6, requests: 3, payloadBytes: 4_000));
        second.Name.ShouldBe(first.Name);
        using var sender = new CollectorSender(() => address);
        await sender.SendAsync([.. first.Records.Where(static record => record.Kind != BundleRecordKind.Payload && record.Seq < 7)]);
        await sender.SendAsync([.. first.Records.Where(static record => record.PayloadNumber is 1 or 2)]);

        // The other has other texts in its payloads: of those that are here it is told, and what it has besides would be mixed with them.
        var answer = await PostAsync("/v1/logs", "application/json", Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson(second.Records.Where(static record => record.PayloadNumber is 1 or 2))));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldContain("came before with another sha256");
        await sender.SendAsync([.. first.Records]);
        await CollectProcess.UntilAsync(() => first.Stored(Path.Join(directory, "store")) is not null, () => string.Join("; ", said));
        first.ShouldBeStored(Path.Join(directory, "store"));
    }

    [Fact]
    public async Task One_that_sends_poison_in_a_batch_of_many_rollouts_has_no_part_in_what_becomes_of_the_others()
    {
        var sent = Enumerable.Range(10, 8).Select(number => new SentRollout(directory, number, requests: 2)).ToList();
        var poison = sent[0].Records.Select(static record => record.Kind switch
        {
            BundleRecordKind.Manifest => record with { Bundle = "poison", Body = "{\"schema_version\":9"u8.ToArray() },
            BundleRecordKind.RawEvent => record with { Bundle = "poison", Seq = record.Seq, Body = Encoding.UTF8.GetBytes(new string('[', 5_000)) },
            _ => record with { Bundle = "poison", Payload = record.Payload! with { Sha256 = new string('0', 64) } },
        });
        var all = Enumerable.Range(0, sent.Max(static rollout => rollout.Records.Count)).SelectMany(i => sent.Select(rollout => rollout.Records.ElementAtOrDefault(i))).OfType<BundleRecord>().Concat(poison).ToList();

        foreach (var some in all.Chunk(50))
        {
            (await PostAsync("/v1/logs", "application/json", Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson(some)))).Status.ShouldBe(HttpStatusCode.OK);
        }

        await CollectProcess.UntilAsync(() => sent.TrueForAll(rollout => rollout.Stored(Path.Join(directory, "store")) is not null), () => string.Join("; ", said));
        sent.ForEach(rollout => rollout.ShouldBeStored(Path.Join(directory, "store")));
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string type, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(type);
        using var answer = await http.PostAsync(address + path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
