using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace RolloutTrace.Stores;

/// <summary>
/// The queue in which it is said that a rollout was put, and from which it is handed out to workers: the stream <c>ROLLOUTS</c> of NATS JetStream, a work queue of
/// <c>rollouts.packed</c>, with the consumer <c>reducers</c>, and <c>ROLLOUTS_DEAD</c> for what nobody tries again. They are made when they are needed and not
/// there, and used as they are if they are. Safe for concurrent use.
/// </summary>
public sealed class QueuedRollouts : IAsyncDisposable
{
    /// <summary>The stream's name.</summary>
    public const string Stream = "ROLLOUTS";

    /// <summary>The messages' subject.</summary>
    public const string Subject = "rollouts.packed";

    /// <summary>The consumer's name.</summary>
    public const string Consumer = "reducers";

    /// <summary>The name of the stream of dead letters.</summary>
    public const string DeadStream = "ROLLOUTS_DEAD";

    /// <summary>The subject of dead letters.</summary>
    public const string DeadSubject = "rollouts.dead";

    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(10);

    private readonly NatsConnection connection;
    private readonly NatsJSContext context;
    private readonly string shown;
    private readonly RolloutStoreOptions options;
    private readonly SemaphoreSlim gate = new(1);
    private INatsJSConsumer? consumer;

    // Dead letters are kept as safe as the queue.
    private int replicas = 1;

    private QueuedRollouts(NatsConnection connection, string shown, RolloutStoreOptions options)
    {
        this.connection = connection;
        this.shown = shown;
        this.options = options;
        context = new NatsJSContext(connection);
    }

    /// <summary>Connects to the servers, and makes the stream unless it is there.</summary>
    /// <param name="url">Servers, with commas between: <c>nats://host:port</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">They are no servers, cannot be reached, or have no JetStream.</exception>
    public static async Task<QueuedRollouts> OpenAsync(string url, RolloutStoreOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        options ??= new RolloutStoreOptions();
        var servers = NatsServers.Parse(url);
        var queue = new QueuedRollouts(await servers.ConnectAsync(options.Timeout, cancellation).ConfigureAwait(false), servers.Shown, options);
        try
        {
            var stream = await queue.HaveStreamAsync(Stream, Subject, StreamConfigRetention.Workqueue, options.Replicas, cancellation).ConfigureAwait(false);
            queue.replicas = stream.Info.Config.NumReplicas;
            return queue;
        }
        catch
        {
            await queue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The servers' addresses, without what is secret in them.</summary>
    public string Servers => shown;

    /// <summary>Looks whether a text names servers.</summary>
    /// <param name="url">The text.</param>
    /// <exception cref="StoreException">It does not.</exception>
    public static void CheckAddress(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        NatsServers.Parse(url);
    }

    /// <summary>Says that a rollout was put. Said again, of the same bytes, within ten minutes it counts once.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">The queue did not take it; it may be said again.</exception>
    public Task AnnounceAsync(RolloutMessage message, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return PublishAsync($"{message.Key} cannot be announced", Subject, message.ToJson(), message.Sha256, cancellation);
    }

    /// <summary>Receives a message, for this worker alone until it is done with.</summary>
    /// <param name="wait">How long there may be none; at least 1 s.</param>
    /// <param name="cancellation">Asks to stop. What was on its way then is handed out again after a while.</param>
    /// <returns>Null if there was none.</returns>
    /// <exception cref="StoreException">The queue cannot be reached, or refuses.</exception>
    public Task<QueuedRollout?> NextAsync(TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.FromSeconds(1));
        return AskAsync("no message can be had", async limit =>
        {
            var from = await ConsumerAsync(limit).ConfigureAwait(false);
            try
            {
                return await from.NextAsync(NatsRawSerializer<byte[]>.Default, new NatsJSNextOpts { Expires = wait }, limit).ConfigureAwait(false) is { } received
                    ? new QueuedRollout(this, received, from.Info.Config.AckWait)
                    : null;
            }
            catch
            {
                // It may be gone: then it is made again.
                consumer = null;
                throw;
            }
        }, cancellation, wait);
    }

    /// <summary>Ends the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    internal Task SayAsync(string what, Func<CancellationToken, ValueTask> say) => AskAsync($"it cannot be said that a message is {what}", async limit =>
    {
        await say(limit).ConfigureAwait(false);
        return true;
    }, CancellationToken.None);

    internal async Task BuryAsync(QueuedRollout received, string reason, string detail, int deliveries, DateTimeOffset at)
    {
        await HaveStreamAsync(DeadStream, DeadSubject, StreamConfigRetention.Limits, replicas, CancellationToken.None).ConfigureAwait(false);
        var letter = DeadLetter.Of(received.Message, reason, detail, deliveries, at).ToJson();
        var id = DeadLetter.IdOf(received.Message, received.Content.Span);
        await PublishAsync($"{received.Message?.Key ?? "a message"} cannot become a dead letter", DeadSubject, letter, id, CancellationToken.None).ConfigureAwait(false);
        await received.AckAsync().ConfigureAwait(false);
    }

    // Its own limit of deliveries would lose what is past it without a word.
    private async Task<INatsJSConsumer> ConsumerAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (consumer is not null)
            {
                return consumer;
            }

            try
            {
                consumer = await context.GetConsumerAsync(Stream, Consumer, cancellation).ConfigureAwait(false);
            }
            catch (NatsJSApiException e) when (e.Error.Code == 404)
            {
                await HaveStreamAsync(Stream, Subject, StreamConfigRetention.Workqueue, replicas, cancellation).ConfigureAwait(false);
                consumer = await context.CreateOrUpdateConsumerAsync(
                    Stream,
                    new ConsumerConfig(Consumer) { DurableName = Consumer, AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = AckWait, MaxDeliver = -1 },
                    cancellation).ConfigureAwait(false);
            }

            return consumer;
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<INatsJSStream> HaveStreamAsync(string name, string subject, StreamConfigRetention retention, int replicasOfNew, CancellationToken cancellation) => AskAsync($"there is no stream {name}", async limit =>
    {
        try
        {
            return await context.GetStreamAsync(name, cancellationToken: limit).ConfigureAwait(false);
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            return await context.CreateStreamAsync(
                new StreamConfig(name, [subject])
                {
                    Retention = retention,
                    Storage = StreamConfigStorage.File,
                    DuplicateWindow = DuplicateWindow,
                    NumReplicas = replicasOfNew,
                },
                limit).ConfigureAwait(false);
        }
    }, cancellation);

    private Task PublishAsync(string what, string subject, byte[] content, string id, CancellationToken cancellation) => AskAsync(what, async limit =>
    {
        var answer = await context.PublishAsync(subject, content, NatsRawSerializer<byte[]>.Default, new NatsJSPubOpts { MsgId = id }, cancellationToken: limit).ConfigureAwait(false);
        return answer.Error is { } error ? throw new NatsJSApiException(error) : true;
    }, cancellation);

    private async Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation, TimeSpan beyond = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter((2 * options.Timeout) + beyond);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (NatsServers.IsOfTheWay(e, cancellation))
        {
            throw new StoreException($"{shown}: {what}: {NatsServers.Words(e)}", e) { Kind = NatsServers.KindOf(e) };
        }
    }
}
