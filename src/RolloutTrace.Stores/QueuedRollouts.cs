using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace RolloutTrace.Stores;

/// <summary>
/// The queue in which it is said that a rollout was put: the stream <c>ROLLOUTS</c> of NATS JetStream, a work queue of <c>rollouts.packed</c>. It is made if it is
/// not there, and used as it is if it is. Safe for concurrent use.
/// </summary>
public sealed class QueuedRollouts : IAsyncDisposable
{
    /// <summary>The stream's name.</summary>
    public const string Stream = "ROLLOUTS";

    /// <summary>The messages' subject.</summary>
    public const string Subject = "rollouts.packed";

    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(10);

    private readonly NatsConnection connection;
    private readonly NatsJSContext context;
    private readonly string shown;
    private readonly RolloutStoreOptions options;

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
            await queue.HaveStreamAsync(Stream, Subject, StreamConfigRetention.Workqueue, cancellation).ConfigureAwait(false);
            return queue;
        }
        catch
        {
            await queue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Says that a rollout was put. Said again, of the same bytes, within ten minutes it counts once.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">The queue did not take it; it may be said again.</exception>
    public Task AnnounceAsync(RolloutMessage message, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return AskAsync($"{message.Key} cannot be announced", async limit =>
        {
            var answer = await context.PublishAsync(Subject, message.ToJson(), NatsRawSerializer<byte[]>.Default, new NatsJSPubOpts { MsgId = message.Sha256 }, cancellationToken: limit).ConfigureAwait(false);
            return answer.Error is { } error ? throw new NatsJSApiException(error) : answer;
        }, cancellation);
    }

    /// <summary>Ends the connection.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private Task HaveStreamAsync(string name, string subject, StreamConfigRetention retention, CancellationToken cancellation) => AskAsync($"there is no stream {name}", async limit =>
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
                    NumReplicas = options.Replicas,
                },
                limit).ConfigureAwait(false);
        }
    }, cancellation);

    private async Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(2 * options.Timeout);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (NatsServers.IsOfTheWay(e, cancellation))
        {
            throw new StoreException($"{shown}: {what}: {NatsServers.Words(e)}", e);
        }
    }
}
