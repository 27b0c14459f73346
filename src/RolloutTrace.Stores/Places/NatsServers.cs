using NATS.Client.Core;
using NATS.Client.JetStream;

namespace RolloutTrace.Stores;

/// <summary>Servers of NATS, as an address names them.</summary>
internal sealed class NatsServers
{
    private NatsServers(string url, string shown)
    {
        Url = url;
        Shown = shown;
    }

    /// <summary>All of them, with commas between.</summary>
    public string Url { get; }

    /// <summary>The same without passwords.</summary>
    public string Shown { get; }

    /// <summary>Servers with commas between.</summary>
    /// <exception cref="StoreException">They are none.</exception>
    public static NatsServers Parse(string text)
    {
        var shown = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var address = part.Contains("://", StringComparison.Ordinal) ? part : $"nats://{part}";
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("nats" or "tls") || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/').Length > 0)
            {
                throw new StoreException($"{WithoutSecret(text)}: is no address of NATS servers; give nats://host:port, several with commas between") { Kind = StoreExceptionKind.Address };
            }

            shown.Add($"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : 4222)}");
        }

        return new NatsServers(text, string.Join(',', shown));
    }

    /// <summary>Connects.</summary>
    /// <exception cref="StoreException">No server is there, or none takes us, within the time.</exception>
    public async Task<NatsConnection> ConnectAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        var connection = new NatsConnection(new NatsOpts
        {
            Url = Url,
            Name = "rollout-trace",
            ConnectTimeout = timeout,
            RequestTimeout = timeout,
            CommandTimeout = timeout,
            MaxReconnectRetry = -1,
            ReconnectWaitMax = TimeSpan.FromSeconds(2),
            SubPendingChannelFullMode = System.Threading.Channels.BoundedChannelFullMode.Wait,
        });
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(2 * timeout, cancellation).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (IsOfTheWay(e, cancellation))
            {
                throw new StoreException($"{Shown}: cannot be reached: {Words(e)}", e) { Kind = KindOf(e) };
            }

            throw;
        }
    }

    /// <summary>Whether it is the way there, or the server, that failed.</summary>
    public static bool IsOfTheWay(Exception e, CancellationToken cancellation) =>
        e is NatsException or TimeoutException or System.Net.Sockets.SocketException or IOException or ObjectDisposedException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>What kind of failure it is.</summary>
    public static StoreExceptionKind KindOf(Exception e) => e switch
    {
        NatsJSApiException { Error.Code: 404 } => StoreExceptionKind.NoStore,
        NatsJSApiException { Error.Code: 401 or 403 } or NatsServerException { IsAuthError: true } => StoreExceptionKind.Denied,
        { InnerException: { } inner } => KindOf(inner),
        _ => StoreExceptionKind.OutOfReach,
    };

    /// <summary>What is wrong, in words.</summary>
    public static string Words(Exception e) => e switch
    {
        NatsJSApiException api => $"{api.Error.Code} {api.Error.Description}",
        OperationCanceledException or TimeoutException => "no answer in time",
        _ => e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{e.Message} ({inner.Message})" : e.Message,
    };

    private static string WithoutSecret(string text)
    {
        var at = text.LastIndexOf('@');
        return at < 0 ? text : text[(at + 1)..];
    }
}
