using System.CommandLine;

namespace RolloutTrace.Cli.Tests.Exporting;

/// <summary>What the command line says counts for more than the variable for traces, and that for more than the variable for all signals.</summary>
public sealed class ReceiverOptionsTests
{
    private const string Grpc = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    [Theory]
    // Nothing is said.
    [InlineData("", "", "grpc http://localhost:4317" + Grpc)]
    [InlineData("--protocol http/protobuf", "", "http/protobuf http://localhost:4318/v1/traces")]
    [InlineData("", "PROTOCOL=http/protobuf", "http/protobuf http://localhost:4318/v1/traces")]
    [InlineData("", "ENDPOINT=", "grpc http://localhost:4317" + Grpc)]
    // The port says how, unless somebody does.
    [InlineData("--endpoint http://a:4317", "", "grpc http://a:4317" + Grpc)]
    [InlineData("--endpoint http://a:4318", "", "http/protobuf http://a:4318/v1/traces")]
    [InlineData("--endpoint https://a", "", "http/protobuf https://a/v1/traces")]
    [InlineData("--endpoint https://a --protocol grpc", "", "grpc https://a" + Grpc)]
    [InlineData("--endpoint http://a:4317", "PROTOCOL=http/protobuf", "http/protobuf http://a:4317/v1/traces")]
    [InlineData("--protocol grpc", "TRACES_PROTOCOL=http/protobuf ENDPOINT=http://a:4318", "grpc http://a:4318" + Grpc)]
    [InlineData("", "PROTOCOL=grpc TRACES_PROTOCOL=http/protobuf", "http/protobuf http://localhost:4318/v1/traces")]
    // An address for all signals gets the path of traces behind its own, an address for traces is whole.
    [InlineData("", "ENDPOINT=http://a:4318", "http/protobuf http://a:4318/v1/traces")]
    [InlineData("", "ENDPOINT=http://a:4318/", "http/protobuf http://a:4318/v1/traces")]
    [InlineData("", "ENDPOINT=http://a/otlp", "http/protobuf http://a/otlp/v1/traces")]
    [InlineData("", "ENDPOINT=http://a/otlp/?key=1", "http/protobuf http://a/otlp/v1/traces?key=1")]
    [InlineData("", "TRACES_ENDPOINT=http://a/mine", "http/protobuf http://a/mine")]
    [InlineData("", "TRACES_ENDPOINT=http://a:4318", "http/protobuf http://a:4318/")]
    [InlineData("", "ENDPOINT=http://a TRACES_ENDPOINT=http://b/mine", "http/protobuf http://b/mine")]
    [InlineData("--endpoint http://c", "ENDPOINT=http://a TRACES_ENDPOINT=http://b/mine", "http/protobuf http://c/v1/traces")]
    [InlineData("--endpoint http://c/v1/traces", "", "http/protobuf http://c/v1/traces")]
    // gRPC has no path of its own, and its libraries do without a scheme.
    [InlineData("", "PROTOCOL=grpc TRACES_ENDPOINT=http://a:4317/v1/traces", "grpc http://a:4317" + Grpc)]
    [InlineData("", "PROTOCOL=grpc ENDPOINT=a:4317", "grpc https://a:4317" + Grpc)]
    [InlineData("", "PROTOCOL=grpc ENDPOINT=a:4317 INSECURE=true", "grpc http://a:4317" + Grpc)]
    [InlineData("", "PROTOCOL=grpc ENDPOINT=https://a:4317 INSECURE=true", "grpc https://a:4317" + Grpc)]
    public void The_address_and_how_to_send(string commandLine, string environment, string expected)
    {
        var receiver = Read(commandLine, environment);

        $"{receiver.Protocol} {receiver.Address}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "HEADERS=a=1,b=2", "a: 1, b: 2")]
    [InlineData("", "HEADERS=a=1,,b=x%20y%2Cz", "a: 1, b: x y,z")]
    [InlineData("", "HEADERS=a=1,b=2 TRACES_HEADERS=c=3", "c: 3")]
    [InlineData("--header a=9 --header c=base64==", "HEADERS=A=1,b=2", "a: 9, c: base64==, b: 2")]
    public void The_headers(string commandLine, string environment, string expected) =>
        string.Join(", ", Read(commandLine, environment).Headers.Select(header => $"{header.Key}: {header.Value}")).ShouldBe(expected);

    [Theory]
    [InlineData("", "", 10_000)]
    [InlineData("", "TIMEOUT=2500", 2500)]
    [InlineData("", "TIMEOUT=2500 TRACES_TIMEOUT=100", 100)]
    [InlineData("--timeout 3s", "TRACES_TIMEOUT=100", 3000)]
    [InlineData("--timeout 0", "", -1)]
    public void The_time_for_a_request(string commandLine, string environment, int milliseconds) =>
        Read(commandLine, environment).Timeout.TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("", "COMPRESSION=gzip", true)]
    [InlineData("", "COMPRESSION=gzip TRACES_COMPRESSION=none", false)]
    [InlineData("--compression none", "COMPRESSION=gzip", false)]
    [InlineData("--compression gzip", "", true)]
    public void The_compression(string commandLine, string environment, bool isCompressed) => Read(commandLine, environment).IsCompressed.ShouldBe(isCompressed);

    [Theory]
    [InlineData("ENDPOINT=localhost", "OTEL_EXPORTER_OTLP_ENDPOINT takes an address such as http://localhost:4317, not 'localhost'.")]
    [InlineData("PROTOCOL=http/protobuf ENDPOINT=localhost:4318", "OTEL_EXPORTER_OTLP_ENDPOINT takes an address such as http://localhost:4317, not 'localhost:4318'.")]
    [InlineData("TRACES_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL takes grpc or http/protobuf, not 'http/json'.")]
    [InlineData("TIMEOUT=10s", "OTEL_EXPORTER_OTLP_TIMEOUT takes a number of milliseconds, not '10s'.")]
    [InlineData("COMPRESSION=zstd", "OTEL_EXPORTER_OTLP_COMPRESSION takes gzip or none, not 'zstd'.")]
    [InlineData("HEADERS=topsecret", "OTEL_EXPORTER_OTLP_HEADERS takes names and values such as x-api-key=KEY,x-other=VALUE.")]
    [InlineData("CERTIFICATE=/nowhere/ca.pem", "OTEL_EXPORTER_OTLP_CERTIFICATE: /nowhere/ca.pem: cannot be read as certificates in PEM: there is no such directory")]
    public void What_cannot_be_meant_names_its_variable(string environment, string message) =>
        Should.Throw<ReceiverOptionsException>(() => Read(environment.StartsWith("ENDPOINT", StringComparison.Ordinal) ? "--protocol http/protobuf" : "", environment)).Message.ShouldBe(message);

    private static Receiver Read(string commandLine, string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static variable => variable.Split('=', 2)).ToDictionary(static pair => $"OTEL_EXPORTER_OTLP_{pair[0]}", static pair => pair[1]);
        var options = new ReceiverOptions();
        var command = new RootCommand();
        options.AddTo(command);
        return options.Read(command.Parse(commandLine), new OtlpEnvironment(variables.GetValueOrDefault));
    }
}
