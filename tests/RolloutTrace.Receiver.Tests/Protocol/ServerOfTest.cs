using System.Net;
using System.Security.Cryptography.X509Certificates;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Tests.Protocol;

/// <summary>The server in this process, before a sink of the test's.</summary>
internal sealed class ServerOfTest : IAsyncDisposable
{
    public const string Key = "s3cret";

    private readonly OtlpServer server;

    private ServerOfTest(OtlpServer server, FakeSink sink) => (this.server, Sink) = (server, sink);

    public FakeSink Sink { get; }

    public string Http => server.HttpAddress;

    public string Grpc => server.GrpcAddress;

    public static async Task<ServerOfTest> StartAsync(X509Certificate2Collection? certificates = null, params string[] keys)
    {
        var sink = new FakeSink();
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        return new ServerOfTest(await OtlpServer.StartAsync(any, any, certificates, new ApiKeys(keys), sink, static e => throw new InvalidOperationException("failed", e)), sink);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
