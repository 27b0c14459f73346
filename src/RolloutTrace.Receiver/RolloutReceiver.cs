using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RolloutTrace.Bundle;
using RolloutTrace.Receiver.Delivery;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Stores;

namespace RolloutTrace.Receiver;

/// <summary>
/// Receives rollouts over OpenTelemetry's protocol and puts them into a store: raw events as log records, and spans of agents of any kind. What it has acknowledged is on the disk: a
/// process that is killed at any moment goes on with it at its next start.
/// </summary>
public static class RolloutReceiver
{
    // Each of them may wait for the disk while the others answer.
    private const int Threads = 64;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    /// <summary>Receives until it is told to stop; then what is open stays in the spool.</summary>
    /// <param name="options">How.</param>
    /// <param name="ready">Gets the addresses for HTTP and for gRPC, once requests are taken.</param>
    /// <param name="tell">Gets what people should know, a line each: what a packed rollout lacks, what does not go just now. Called by one thread at a time.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ReceiverException">It cannot begin.</exception>
    public static async Task RunAsync(RolloutReceiverOptions options, Action<string, string> ready, Action<string> tell, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ready);
        ArgumentNullException.ThrowIfNull(tell);
        if (options.Idle <= TimeSpan.Zero || options.MaxOpen < 1)
        {
            throw new ArgumentException("an idle time above 0, and room for one rollout at least, are needed", nameof(options));
        }

        ThreadPool.GetMinThreads(out _, out var completion);
        ThreadPool.SetMinThreads(Threads, completion);
        var trouble = new Trouble(tell);
        var certificates = Certificates(options);
        var delivery = new RolloutDelivery(OpenStore(options.Store), options.Nats);
        await using (delivery.ConfigureAwait(false))
        {
            var spool = Spool.Open(options, delivery, trouble);
            await using (spool.ConfigureAwait(false))
            {
                var server = await StartAsync(options, certificates, spool, trouble).ConfigureAwait(false);
                await using (server.ConfigureAwait(false))
                {
                    spool.Start();
                    ready(server.HttpAddress, server.GrpcAddress);
                    await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    spool.Close();
                    await server.StopAsync(Farewell).ConfigureAwait(false);
                }
            }
        }
    }

    private static RolloutStore OpenStore(string url)
    {
        try
        {
            // A directory is asked for what was packed before anything has been put there.
            if (!url.Contains("://", StringComparison.Ordinal))
            {
                PrivateFile.CreateDirectory(Path.GetFullPath(url));
            }

            return RolloutStore.Open(url);
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            throw new ReceiverException(e.Message, e);
        }
    }

    private static async Task<OtlpServer> StartAsync(RolloutReceiverOptions options, X509Certificate2Collection? certificates, Spool spool, Trouble trouble)
    {
        try
        {
            return await OtlpServer.StartAsync(
                options.Http, options.Grpc, certificates, new ApiKeys(options.ApiKeys), spool, e => trouble.Tell($"error: {e}")).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new ReceiverException($"{options.Http} and {options.Grpc}: cannot be listened on: {(e.InnerException ?? e).Message}", e);
        }
    }

    private static X509Certificate2Collection? Certificates(RolloutReceiverOptions options)
    {
        if (options.TlsCertificate is null || options.TlsKey is null)
        {
            return options.TlsCertificate is null && options.TlsKey is null ? null : throw new ReceiverException("a certificate needs its key, and a key its certificate");
        }

        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(options.TlsCertificate);
            using var own = X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey);

            // As it comes out of PEM some systems do not take it.
            var usable = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), password: null);
            return [usable, .. all.Skip(1)];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ReceiverException($"{options.TlsCertificate}, {options.TlsKey}: are no certificate and its key: {e.Message}", e);
        }
    }
}
