using System.Security.Cryptography;
using RolloutTrace.Receiver.Tests.Sending;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Tests;

/// <summary>From the spool into stores on other machines and into the queue, while these come and go and the process is killed: all of it comes there, once.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

    private string Spool => Path.Join(directory, "spool");

    private string Store => Path.Join(directory, "store");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task AnS3StoreThatIsAwayWhenARolloutEnds_HasItWhenItIsBack_AlsoAfterAKill()
    {
        var first = new SentRollout(directory, 1);
        var second = new SentRollout(directory, 2);
        await using var s3 = await S3Server.StartAsync();
        s3.Instead = static _ => 503;
        using (var process = await StartOnS3Async(s3))
        {
            using var sender = new CollectorSender(() => process.Http);
            await sender.SendAsync(first.Records);
            await CollectProcess.UntilAsync(() => !process.Said.IsEmpty, static () => "it is not said that the store is away");
            process.Said.First().ShouldContain("waits, and is tried again");

            // Who sends does not notice.
            await sender.SendAsync(second.Records);
            sender.Complaints.ShouldBeEmpty();
            await process.KillAsync();
        }

        s3.Objects.ShouldBeEmpty();
        using var again = await StartOnS3Async(s3);
        await CollectProcess.UntilAsync(() => !again.Said.IsEmpty, static () => "it is not said that the store is away");
        s3.Instead = static _ => null;

        await CollectProcess.UntilAsync(() => s3.Objects.Count == 2, () => string.Join("; ", again.Said));
        await CollectProcess.UntilAsync(IsSpoolEmpty, () => string.Join("; ", again.Said));
        ShouldBeOnS3(first, s3);
        ShouldBeOnS3(second, s3);
        (await again.EndAsync()).ShouldBe(0);
        again.Said.Last().ShouldStartWith("well again: ");
    }

    [Fact]
    public async Task TwoThatHadAPartEach_PutOneThatIsWhole()
    {
        var rollout = new SentRollout(directory, 3);
        await using var s3 = await S3Server.StartAsync();
        using (var one = await StartOnS3Async(s3, "--idle", "200ms"))
        {
            using var sender = new CollectorSender(() => one.Http);
            await sender.SendAsync([.. rollout.Records.Where(static record => record.Seq % 2 == 0)]);
            await CollectProcess.UntilAsync(() => !one.Said.IsEmpty, static () => "no hole was named");
            one.Said.ShouldHaveSingleItem().ShouldBe($"2026-02-02/{rollout.Name}.rollout.tar.zst: lacks events 1, 3, 5, 7");
            (await one.EndAsync()).ShouldBe(0);
        }

        // The other has no spool of the first's.
        Directory.Move(Spool, Path.Join(directory, "of-the-first"));
        using var two = await StartOnS3Async(s3, "--idle", "200ms");
        using var other = new CollectorSender(() => two.Http);
        await other.SendAsync([.. rollout.Records.Where(static record => record.Seq % 2 != 0)]);
        await CollectProcess.UntilAsync(IsSpoolEmpty, () => string.Join("; ", two.Said));

        s3.Objects.Count.ShouldBe(1);
        ShouldBeOnS3(rollout, s3);
        (await two.EndAsync()).ShouldBe(0);
        two.Said.ShouldBeEmpty();
    }

    [NatsFact]
    public async Task ANatsStore_HasWhatWasRecorded_AndAWorkerFindsItsMessage()
    {
        var rollout = new SentRollout(directory, 4);
        await using var nats = await NatsServer.StartAsync();
        using var process = await CollectProcess.StartAsync($"{nats.Url}/traces", "--spool", Spool, "--nats", nats.Url);
        using var sender = new CollectorSender(() => process.Http);

        await sender.SendAsync(rollout.Records);

        var message = await OnlyMessageAsync(nats, process);
        await using var store = RolloutStore.Open($"{nats.Url}/traces");
        using var fetched = await store.GetAsync(message.Key);
        SentRollout.AreSame(fetched.Path, rollout.Recording).ShouldBeTrue();
        message.Sha256.ShouldBe(HashOf(fetched.Path));
        (await process.EndAsync()).ShouldBe(0);
        process.Said.ShouldBeEmpty();
    }

    [NatsFact]
    public async Task KilledBetweenThePutAndTheMessage_WhileTheQueueIsAway_ItIsAnnouncedOnceInTheEnd()
    {
        var rollout = new SentRollout(directory, 5);
        await using var nats = await NatsServer.StartAsync();
        nats.Kill();
        DateTime put;
        using (var process = await CollectProcess.StartAsync(Store, "--spool", Spool, "--nats", nats.Url))
        {
            using var sender = new CollectorSender(() => process.Http);
            await sender.SendAsync(rollout.Records);
            await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null, () => string.Join("; ", process.Said));
            put = File.GetLastWriteTimeUtc(rollout.Stored(Store)!);
            await CollectProcess.UntilAsync(() => !process.Said.IsEmpty, static () => "it is not said that the queue is away");
            await process.KillAsync();
        }

        // What is not announced is kept.
        Directory.GetDirectories(Path.Join(Spool, "rollouts")).Length.ShouldBe(1);
        using var again = await CollectProcess.StartAsync(Store, "--spool", Spool, "--nats", nats.Url);
        await CollectProcess.UntilAsync(() => !again.Said.IsEmpty, static () => "it is not said that the queue is away");
        await nats.StartAgainAsync();

        var message = await OnlyMessageAsync(nats, again);
        message.ShouldBe(new RolloutMessage { SchemaVersion = 1, Key = $"2026-02-02/{rollout.Name}.rollout.tar.zst", Sha256 = HashOf(rollout.Stored(Store)!), Bytes = new FileInfo(rollout.Stored(Store)!).Length });
        rollout.ShouldBeStored(Store);
        File.GetLastWriteTimeUtc(rollout.Stored(Store)!).ShouldBe(put);
        await CollectProcess.UntilAsync(IsSpoolEmpty, () => string.Join("; ", again.Said));
        (await again.EndAsync()).ShouldBe(0);
    }

    // As it does when the process is killed between the message and the end of what is open: the same journal is delivered again.
    [NatsFact]
    public async Task DeliveredAgain_ItIsNoOtherObjectAndNoOtherMessage()
    {
        var rollout = new SentRollout(directory, 6);
        await using var nats = await NatsServer.StartAsync();
        var kept = Path.Join(directory, "kept");
        using (var process = await CollectProcess.StartAsync(Store, "--spool", Spool, "--nats", nats.Url))
        {
            using var sender = new CollectorSender(() => process.Http);
            await sender.SendAsync([.. rollout.Records.SkipLast(1)]);
            await process.KillAsync();
            CopyTo(kept);
        }

        using (var process = await CollectProcess.StartAsync(Store, "--spool", Spool, "--nats", nats.Url))
        {
            using var sender = new CollectorSender(() => process.Http);
            await sender.SendAsync([rollout.Records[^1]]);
            await CollectProcess.UntilAsync(() => rollout.Stored(Store) is not null && IsSpoolEmpty(), () => string.Join("; ", process.Said));
            (await process.EndAsync()).ShouldBe(0);
        }

        var put = File.GetLastWriteTimeUtc(rollout.Stored(Store)!);
        Directory.Move(Spool, Path.Join(directory, "ended"));
        Directory.Move(kept, Spool);
        using var again = await CollectProcess.StartAsync(Store, "--spool", Spool, "--nats", nats.Url);
        using var other = new CollectorSender(() => again.Http);
        await other.SendAsync([rollout.Records[^1]]);
        await CollectProcess.UntilAsync(IsSpoolEmpty, () => string.Join("; ", again.Said));

        await OnlyMessageAsync(nats, again);
        File.GetLastWriteTimeUtc(rollout.Stored(Store)!).ShouldBe(put);
        rollout.ShouldBeStored(Store);
        (await again.EndAsync()).ShouldBe(0);
        again.Said.ShouldBeEmpty();
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static async Task<RolloutMessage> OnlyMessageAsync(NatsServer nats, CollectProcess process)
    {
        await using var queue = await QueuedRollouts.OpenAsync(nats.Url);
        var received = (await queue.NextAsync(TimeSpan.FromSeconds(60))).ShouldNotBeNull(string.Join("; ", process.Said));
        var message = received.Message.ShouldNotBeNull();
        await received.AckAsync();
        (await queue.NextAsync(TimeSpan.FromSeconds(1))).ShouldBeNull();
        return message;
    }

    private Task<CollectProcess> StartOnS3Async(S3Server s3, params string[] options) => CollectProcess.StartAsync(
        $"s3://{S3Server.Bucket}/some/where",
        $"export AWS_ENDPOINT_URL={s3.Address} AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=secret AWS_REGION=us-east-1; ",
        ["--spool", Spool, .. options]);

    private void ShouldBeOnS3(SentRollout rollout, S3Server s3)
    {
        var file = Path.Join(directory, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, s3.Objects[$"some/where/2026-02-02/{rollout.Name}.rollout.tar.zst"].Content);
        SentRollout.AreSame(file, rollout.Recording).ShouldBeTrue(rollout.Name);
    }

    private bool IsSpoolEmpty() => Directory.GetDirectories(Path.Join(Spool, "rollouts")).Length == 0;

    private void CopyTo(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Spool, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Join(target, Path.GetRelativePath(Spool, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
