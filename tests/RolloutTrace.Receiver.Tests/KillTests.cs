using RolloutTrace.Receiver.Tests.Sending;

namespace RolloutTrace.Receiver.Tests;

/// <summary>A process that is killed while many send: what it has acknowledged is in the store in the end, and nothing is there twice.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rollouts = 24;
    private const int Kills = 3;

    private readonly string directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    // Without repetition nothing that was acknowledged and lost could come again.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task KilledWhileManySend_EachRolloutIsThereAsItWasRecorded(int seed, bool twice)
    {
        var store = Path.Join(directory, "store");
        var sent = Enumerable.Range(0, Rollouts).Select(number => new SentRollout(directory, number)).ToList();
        var batches = CollectorSender.Batches(sent.SelectMany(static rollout => rollout.Records), seed, twice);
        var process = await CollectProcess.StartAsync(store);
        var address = process.Http;
        using var sender = new CollectorSender(() => Volatile.Read(ref address));
        var acknowledged = 0;
        var at = -1;
        async Task SendAsync()
        {
            for (var mine = Interlocked.Increment(ref at); mine < batches.Count; mine = Interlocked.Increment(ref at))
            {
                await sender.SendAsync(batches[mine]);
                Interlocked.Increment(ref acknowledged);
            }
        }

        try
        {
            var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync)));
            for (var kill = 1; kill <= Kills; kill++)
            {
                var enough = batches.Count * kill / (Kills + 1);
                await CollectProcess.UntilAsync(() => Volatile.Read(ref acknowledged) >= enough || sending.IsFaulted, () => $"{acknowledged} of {batches.Count} batches");
                await process.KillAsync();
                process.Dispose();
                process = await CollectProcess.StartAsync(store);
                Volatile.Write(ref address, process.Http);
            }

            await sending.WaitAsync(TimeSpan.FromMinutes(2));
            await CollectProcess.UntilAsync(() => sent.TrueForAll(rollout => rollout.Stored(store) is not null), () => string.Join("; ", process.Said));
            await CollectProcess.UntilAsync(() => Directory.GetDirectories(Path.Join(store, ".collect", "rollouts")).Length == 0, () => string.Join("; ", process.Said));
            (await process.EndAsync()).ShouldBe(0);
            process.Said.ShouldBeEmpty();
        }
        finally
        {
            process.Dispose();
        }

        sent.ForEach(rollout => rollout.ShouldBeStored(store));
    }
}
