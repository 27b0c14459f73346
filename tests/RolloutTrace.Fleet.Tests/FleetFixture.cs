using System.Collections.Concurrent;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;
using RolloutTrace.Packing;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

/// <summary>A store and a lake in directories of their own, with rollouts to put; gone when disposed.</summary>
internal sealed class FleetFixture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-fleet-");

    // What the lake is to have in the end: the files of each bundle's tables, by its name.
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> expected = new(StringComparer.Ordinal);

    public string StorePath => Path.Join(directory.FullName, "store");

    public string LakePath => Path.Join(directory.FullName, "lake");

    public RolloutStore Store => RolloutStore.Open(StorePath);

    /// <summary>A path for what a test likes.</summary>
    public string PathOf(string name) => Path.Join(directory.FullName, name);

    public RolloutWorker Worker(RolloutStore? store = null, LakeFiles? lake = null) => new(store ?? Store, new RolloutLake(lake ?? RolloutLake.InDirectory(LakePath)) { IsShared = true });

    /// <summary>Packs a rollout that has so many turns, and says what the lake is to have of it from now on.</summary>
    public async Task<RolloutMessage> MakeAsync(int number, int turns = 1)
    {
        var packed = PathOf($"{number}-{turns}{PackedFormat.Extension}");
        using (var bundle = new TestBundle())
        {
            var manifest = Path.Join(bundle.Directory, "manifest.json");
            await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("trace-1", $"trace-{number}", StringComparison.Ordinal));
            bundle.WithTurn();
            for (var i = 2; i <= turns; i++)
            {
                bundle.Append(new CodexTurnStartedEvent { CodexTurnId = $"turn-{i}", ThreadId = TestBundle.Root }, turn: $"turn-{i}");
            }

            bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Completed }, turn: null);
            var reader = bundle.Open();
            BundlePacker.Pack(bundle.Directory, packed);
            var name = BundleName.Of(reader.Manifest);
            var tables = await RolloutTables.WriteAsync(OpenRollout.Open(reader), name);
            expected[name] = [.. tables.Select(table => $"{table.Table}/day={BundleName.DayOf(reader.Manifest.StartedAtUnixMs)}/{name}.{table.Hash}.parquet")];
            return await RolloutMessage.OfAsync(RolloutKey.Of(reader.Manifest), packed);
        }
    }

    /// <summary>Makes so many, puts them, and announces them if there is a queue.</summary>
    public async Task<IReadOnlyList<RolloutMessage>> PutAsync(int count, RolloutStore? store = null, QueuedRollouts? queue = null, int turns = 1)
    {
        var messages = new List<RolloutMessage>();
        for (var i = 1; i <= count; i++)
        {
            var message = await MakeAsync(i, turns);
            await (store ?? Store).PutAsync(message.Key, PathOf($"{i}-{turns}{PackedFormat.Extension}"));
            if (queue is not null)
            {
                await queue.AnnounceAsync(message);
            }

            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Has the lake nothing of one.</summary>
    public void Without(RolloutMessage message)
    {
        RolloutKey.TryParse(message.Key, out _, out var bundle).ShouldBeTrue();
        expected.TryRemove(bundle, out _);
    }

    /// <summary>The lake has each rollout's rows, as its state has them, once, and nothing else: the same state gives the same bytes, whose hash is in the names.</summary>
    public void LakeShouldBeWhole() => ShouldBeWhole(Files());

    /// <inheritdoc cref="LakeShouldBeWhole"/>
    /// <param name="files">What a lake has.</param>
    public void ShouldBeWhole(IEnumerable<string> files) => files.Order(StringComparer.Ordinal).ShouldBe(expected.Values.SelectMany(static files => files).Order(StringComparer.Ordinal));

    public IReadOnlyList<string> Files() => Directory.Exists(LakePath)
        ? [.. Directory.EnumerateFiles(LakePath, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Select(file => Path.GetRelativePath(LakePath, file)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>What a killed worker had is handed out again after two seconds.</summary>
    public static async Task HandOutAgainSoonAsync(string url)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        await new NatsJSContext(connection).CreateOrUpdateConsumerAsync("ROLLOUTS", new ConsumerConfig("reducers") { DurableName = "reducers", AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = TimeSpan.FromSeconds(2), MaxDeliver = -1 });
    }

    /// <summary>Waits until the queue has no message any more.</summary>
    public static async Task UntilEmptyAsync(string url)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var context = new NatsJSContext(connection);
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                if ((await context.GetStreamAsync("ROLLOUTS", cancellationToken: limit.Token)).Info.State.Messages == 0)
                {
                    return;
                }
            }
            catch (Exception e) when (e is NatsException && !limit.IsCancellationRequested)
            {
                // A server is gone just now.
            }

            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>The dead letters.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DeadAsync(string url)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var context = new NatsJSContext(connection);
        var letters = new List<JsonElement>();
        INatsJSStream stream;
        try
        {
            stream = await context.GetStreamAsync("ROLLOUTS_DEAD");
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return letters;
        }

        for (var seq = stream.Info.State.FirstSeq; seq <= stream.Info.State.LastSeq; seq++)
        {
            letters.Add(JsonSerializer.Deserialize<JsonElement>((await stream.GetAsync(new StreamMsgGetRequest { Seq = seq })).Message.Data.Span));
        }

        return letters;
    }

    public void Dispose() => directory.Delete(recursive: true);
}
