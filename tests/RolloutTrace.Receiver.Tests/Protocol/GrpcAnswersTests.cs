using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Tests.Protocol;

/// <summary>Each answer of the contract's table over gRPC, to a client that is not ours.</summary>
public sealed class GrpcAnswersTests
{
    private const string Logs = "opentelemetry.proto.collector.logs.v1.LogsService";

    private static readonly DateTime Limit = DateTime.UtcNow.AddMinutes(5);
    private static readonly Marshaller<byte[]> Bytes = new(static bytes => bytes, static bytes => bytes);

    [Theory]
    [InlineData(Logs, null)]
    [InlineData(Logs, "gzip")]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService", "gzip")]
    public async Task WhatIsTaken_IsOk(string service, string? encoding)
    {
        await using var server = await ServerOfTest.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Grpc);

        var answer = await Call(channel, service, new string('a', 2000), encoding);

        answer.ShouldBeEmpty();
        var (signal, message, isJson) = server.Sink.Taken.ShouldHaveSingleItem();
        (signal, Encoding.UTF8.GetString(message), isJson).ShouldBe((service == Logs ? ExportSignal.Logs : ExportSignal.Traces, new string('a', 2000), false));
    }

    [Fact]
    public async Task WhatIsRejected_IsCountedAndNamed()
    {
        await using var server = await ServerOfTest.StartAsync();
        server.Sink.Answer = new ExportAnswer(ExportFate.Taken, "3 rejected: é", 3);
        using var channel = GrpcChannel.ForAddress(server.Grpc);

        var partial = (await Call(channel, Logs, "")).In(1).Single();

        ProtobufText.Fields(partial)[0].ShouldBe((1, 3UL));
        partial.TextIn(2).ShouldBe("3 rejected: é");
    }

    [Theory]
    [InlineData(nameof(ExportFate.NoOtlp), StatusCode.InvalidArgument, false)]
    [InlineData(nameof(ExportFate.Busy), StatusCode.Unavailable, true)]
    [InlineData(nameof(ExportFate.Unwritable), StatusCode.Unavailable, true)]
    public async Task WhatIsNotTaken_IsAStatus_WithATimeIfItMayComeAgain(string fate, StatusCode code, bool mayComeAgain)
    {
        await using var server = await ServerOfTest.StartAsync();
        server.Sink.Answer = new ExportAnswer(Enum.Parse<ExportFate>(fate), "why: é 100%");
        using var channel = GrpcChannel.ForAddress(server.Grpc);

        var e = await Should.ThrowAsync<RpcException>(() => Call(channel, Logs, ""));

        (e.StatusCode, e.Status.Detail).ShouldBe((code, "why: é 100%"));
        var status = e.Trailers.GetValueBytes("grpc-status-details-bin").ShouldNotBeNull();
        ProtobufText.Fields(status)[0].ShouldBe((1, (ulong)code));
        status.In(3).Select(static any => any.TextIn(1)).ShouldBe(mayComeAgain ? ["type.googleapis.com/google.rpc.RetryInfo"] : []);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    public async Task WithoutTheKey_NothingIsTaken(string? authorization)
    {
        await using var server = await ServerOfTest.StartAsync(null, ServerOfTest.Key);
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var headers = new Metadata();
        if (authorization is not null)
        {
            headers.Add("authorization", authorization);
        }

        (await Should.ThrowAsync<RpcException>(() => Call(channel, Logs, "", headers: headers))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        server.Sink.Taken.ShouldBeEmpty();
        await Call(channel, Logs, "", headers: new Metadata { { "authorization", $"Bearer {ServerOfTest.Key}" } });
        server.Sink.Taken.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(RequestBytes.Most + 1, null)]
    [InlineData(RequestBytes.Most + 1, "gzip")]
    public async Task MoreThanTwentyMebibytes_IsNotTaken(int bytes, string? encoding)
    {
        await using var server = await ServerOfTest.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Grpc, new GrpcChannelOptions { MaxSendMessageSize = null });

        (await Should.ThrowAsync<RpcException>(() => Call(channel, Logs, new string('a', bytes), encoding))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        server.Sink.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnotherMethod_IsNotImplemented()
    {
        await using var server = await ServerOfTest.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Grpc);

        (await Should.ThrowAsync<RpcException>(() => Call(channel, "opentelemetry.proto.collector.metrics.v1.MetricsService", ""))).StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task WithACertificate_BothAreEncrypted()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var directory = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;
        try
        {
            var (certificate, keyFile) = (Path.Join(directory, "cert.pem"), Path.Join(directory, "key.pem"));
            File.WriteAllText(certificate, own.ExportCertificatePem());
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
            using var process = await CollectProcess.StartAsync(Path.Join(directory, "store"), "--tls-cert", certificate, "--tls-key", keyFile);
            SocketsHttpHandler Trusting()
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.Add(own);
                return new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
            }

            using var trusting = Trusting();
            using var other = Trusting();
            using var http = new HttpClient(trusting, disposeHandler: false) { Timeout = TimeSpan.FromMinutes(1) };
            using var channel = GrpcChannel.ForAddress(process.Grpc, new GrpcChannelOptions { HttpHandler = other });

            process.Http.ShouldStartWith("https://");
            (await http.GetStringAsync(process.Http + "/healthz")).ShouldBe("ready\n");
            (await Call(channel, Logs, "")).ShouldBeEmpty();
            (await process.EndAsync()).ShouldBe(0);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<byte[]> Call(GrpcChannel channel, string service, string message, string? encoding = null, Metadata? headers = null)
    {
        headers ??= [];
        if (encoding is not null)
        {
            headers.Add("grpc-internal-encoding-request", encoding);
        }

        var method = new Method<byte[], byte[]>(MethodType.Unary, service, "Export", Bytes, Bytes);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, Limit), Encoding.UTF8.GetBytes(message));
        return await call.ResponseAsync;
    }
}
