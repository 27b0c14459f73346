using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RolloutTrace.Cli.Tests.Exporting;

public sealed class ConnectionTests : IDisposable
{
    private static readonly string Bundle = TestDirectory.CaseBundle("close-edges");

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_encrypted_receiver_is_trusted_if_its_authority_is_named(bool isGrpc)
    {
        using var certificate = CertificateOf("localhost");
        var file = directory.Place("ca.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc, certificate: certificate);
        string[] arguments = ["export", "otlp", Bundle, "--endpoint", receiver.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "--protocol", isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf];

        var untrusted = CommandLine.Run(arguments);
        var trusted = CommandLine.Run([.. arguments, "--certificate", file]);
        var byEnvironment = CommandLine.Run(new Surroundings { Environment = { ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = file } }, arguments);

        untrusted.ExitCode.ShouldBe(ExitCodes.Failure);
        untrusted.Error.ShouldContain("is not trusted");
        untrusted.Error.ShouldContain("--certificate FILE names the authority that it comes from");
        trusted.ShouldBe(new CommandLine(ExitCodes.Success, "9 spans sent\n", ""));
        byEnvironment.ShouldBe(trusted);
        receiver.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Encryption_where_there_is_none_says_so()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        var run = CommandLine.Run("export", "otlp", Bundle, "--endpoint", receiver.Address.Replace("http:", "https:", StringComparison.Ordinal));

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("does not speak TLS as it should");
        run.Error.ShouldContain("if it speaks none, its address begins with http://");
    }

    [Fact]
    public void A_certificate_that_is_none_is_wrong_usage()
    {
        var file = directory.Place("ca.pem");
        File.WriteAllText(file, "no certificate");

        CommandLine.Run("export", "otlp", Bundle, "--certificate", file)
            .ShouldBe(new CommandLine(ExitCodes.Usage, "", $"--certificate: {file}: holds no certificate in PEM\n"));
    }

    // As servers of gRPC do that know no HTTP/1.1: they begin with their settings, whatever is sent.
    [Fact]
    public async Task Http_to_a_server_that_begins_with_http2_says_what_is_wrong_and_what_to_try()
    {
        byte[] settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0x40, 0];
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answering = Task.Run(async () =>
        {
            using var connection = await server.AcceptTcpClientAsync();
            await connection.GetStream().WriteAsync(settings);
            _ = await connection.GetStream().ReadAtLeastAsync(new byte[1 << 16], 1);
        });

        var run = CommandLine.Run("export", "otlp", Bundle, "--endpoint", $"http://{server.LocalEndpoint}", "--retry-for", "0");

        await answering;
        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain($"http://{server.LocalEndpoint} closed the connection without an answer; try --protocol grpc, or the port for HTTP, which is mostly 4318");
    }

    [Fact]
    public void A_host_that_is_none_is_named()
    {
        var run = CommandLine.Run("export", "otlp", Bundle, "--endpoint", "http://no-such-host.invalid:4318");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Out.ShouldEndWith("not delivered: there is no host no-such-host.invalid\n");
    }

    private static X509Certificate2 CertificateOf(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var created = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(created.Export(X509ContentType.Pkcs12), null);
    }
}
