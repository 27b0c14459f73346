using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests;

public sealed class ExportOtlpCommandTests : IDisposable
{
    private const string Case = "close-edges";

    private static readonly string Bundle = TestDirectory.CaseBundle(Case);
    private static readonly int SpansOfBundle = SpansOf(Case);

    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf, "/v1/traces", "application/x-protobuf")]
    [InlineData(OtlpProtocol.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "application/grpc")]
    public async Task The_receiver_gets_the_spans_of_the_json_export(string protocol, string path, string contentType)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == OtlpProtocol.Grpc);

        var run = CommandLine.Run("export", "otlp", TestDirectory.CaseBundle("mixed-1001"), "--endpoint", receiver.Address, "--protocol", protocol);

        var expected = JsonSpans("mixed-1001").Select(DescribeSpan).ToList();
        run.ShouldBe(new CommandLine(ExitCodes.Success, $"{expected.Count} spans sent\n", ""));
        var request = receiver.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe(path);
        request.ContentType.ShouldBe(contentType);
        var resourceSpans = request.Message.In(1).Single();
        resourceSpans.In(1).Single().In(1).Single().TextIn(1).ShouldBe("service.name");
        var scopeSpans = resourceSpans.In(2).Single();
        scopeSpans.In(1).Single().TextIn(1).ShouldBe(RolloutActivitySource.Name);
        scopeSpans.TextIn(3).ShouldBe(RolloutActivitySource.SchemaUrl);
        request.Spans.Select(span => span.DescribeSpan()).ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compressed_the_spans_are_the_same(bool isGrpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc);
        string[] arguments = ["export", "otlp", Bundle, "--endpoint", receiver.Address, "--protocol", isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf];

        CommandLine.Run(arguments).ExitCode.ShouldBe(ExitCodes.Success);
        CommandLine.Run([.. arguments, "--compression", "gzip"]).ExitCode.ShouldBe(ExitCodes.Success);
        CommandLine.Run(new Surroundings { Environment = { ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip" } }, arguments).ExitCode.ShouldBe(ExitCodes.Success);

        receiver.Requests.Select(request => Convert.ToHexString(request.Message)).Distinct().ShouldHaveSingleItem();
        receiver.Requests.Select(request => request.Headers.GetValueOrDefault(isGrpc ? "grpc-encoding" : "content-encoding")).ShouldBe([null, "gzip", "gzip"]);
    }

    [Fact]
    public async Task A_bundle_with_defects_is_sent_and_says_so()
    {
        var bundle = TestDirectory.CaseBundle("mcp-twice-refused");
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        CommandLine.Run("export", "otlp", bundle, "--endpoint", receiver.Address)
            .ShouldBe(new CommandLine(ExitCodes.Findings, "3 spans sent\n", $"{bundle}: 1 defect; this is from what is sound ('rollout-trace validate' lists them)\n"));
        CommandLine.Run("export", "otlp", bundle, "--endpoint", receiver.Address, "--strict").ExitCode.ShouldBe(ExitCodes.Failure);
        receiver.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_bundles_of_a_directory_are_sent_in_order_and_one_that_cannot_be_read_is_named()
    {
        directory.Copy(Case, "1");
        directory.Copy(Case, "2");
        directory.Copy("cell-wait", "3");
        File.WriteAllText(directory.Place("2/manifest.json"), "");
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        var run = CommandLine.Run("export", "otlp", directory.Path, "--endpoint", receiver.Address);

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldStartWith($"error: {directory.Place("2/manifest.json")}: ");
        run.Error.Count(c => c == '\n').ShouldBe(1);
        run.Out.ShouldBe($"{directory.Place("1")}: {SpansOfBundle} spans sent\n{directory.Place("3")}: {SpansOf("cell-wait")} spans sent\n{SpansOfBundle + SpansOf("cell-wait")} spans sent\n");
        receiver.Requests.Select(request => request.Spans.Count()).ShouldBe([SpansOfBundle, SpansOf("cell-wait")]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_that_are_refused_are_counted_in_the_receivers_words_and_the_other_bundles_are_sent(bool isGrpc)
    {
        directory.Copy(Case, "1");
        directory.Copy(Case, "2");
        var answers = new Queue<OtlpAnswer>([OtlpAnswer.Refusing(3, "name too long"), new OtlpAnswer()]);
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc, _ => answers.Dequeue());

        var run = CommandLine.Run("export", "otlp", directory.Path, "--endpoint", receiver.Address, "--protocol", isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf);

        run.ShouldBe(new CommandLine(
            ExitCodes.Failure,
            $"{directory.Place("2")}: {SpansOfBundle} spans sent\n{2 * SpansOfBundle} spans sent, 3 refused: name too long\n",
            $"error: {directory.Place("1")}: {SpansOfBundle} spans sent, 3 refused: name too long\n"));
    }

    [Fact]
    public async Task A_receiver_that_takes_all_and_has_something_to_say_is_passed_on()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, static _ => OtlpAnswer.Refusing(0, "spans older than a day may be dropped"));

        CommandLine.Run("export", "otlp", Bundle, "--endpoint", receiver.Address)
            .ShouldBe(new CommandLine(ExitCodes.Success, $"{SpansOfBundle} spans sent\n", $"{Bundle}: the receiver says: spans older than a day may be dropped\n"));
    }

    [Fact]
    public async Task Json_says_what_became_of_the_spans()
    {
        directory.Copy(Case, "1");
        directory.Copy(Case, "2");
        var answers = new Queue<OtlpAnswer>([OtlpAnswer.Refusing(3, "name too long"), new OtlpAnswer { HttpStatus = 400, ContentType = "text/plain", Body = "no such tenant\n"u8.ToArray() }]);
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => answers.Dequeue());

        var run = CommandLine.Run("export", "otlp", directory.Path, "--endpoint", receiver.Address, "--format", "json");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        Snapshot.Match(run.Describe(directory).Replace(receiver.Address, "<receiver>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("7", new[] { 7.0, 7.0 })]
    [InlineData("Sun, 08 Feb 2026 12:00:20 GMT", new[] { 20.0, 0.1 })]
    public async Task A_receiver_that_is_busy_is_left_alone_for_as_long_as_it_asks(string retryAfter, double[] waits)
    {
        var refusals = 2;
        var busy = new OtlpAnswer { HttpStatus = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfter } };
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => refusals-- > 0 ? busy : new OtlpAnswer());
        var surroundings = new Surroundings();

        var run = CommandLine.Run(surroundings, "export", "otlp", Bundle, "--endpoint", receiver.Address);

        run.ShouldBe(new CommandLine(ExitCodes.Success, $"{SpansOfBundle} spans sent\n", ""));
        surroundings.Waits.Select(wait => wait.TotalSeconds).ShouldBe(waits);
        receiver.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_receiver_that_stays_busy_is_given_up_in_time_and_every_bundle_was_tried()
    {
        directory.Copy(Case, "1");
        directory.Copy(Case, "2");
        directory.Copy(Case, "3");
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true, static _ => new OtlpAnswer { GrpcStatus = "14", Trailers = new Dictionary<string, string> { ["grpc-message"] = "queue%20full" } });
        var surroundings = new Surroundings();

        var run = CommandLine.Run(surroundings, "export", "otlp", directory.Path, "--endpoint", receiver.Address, "--protocol", "grpc", "--retry-for", "20s");

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Out.ShouldBe($"0 of {3 * SpansOfBundle} spans sent, {3 * SpansOfBundle} not delivered: gRPC UNAVAILABLE (14): queue full\n");
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.EndsWith("queue full; --retry-for waits for it longer", StringComparison.Ordinal));
        (surroundings.Waits.Sum(wait => wait.TotalSeconds) is > 5 and <= 20).ShouldBeTrue();
        receiver.Requests.Count.ShouldBe(surroundings.Waits.Count + 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_closes_connections_for_a_while_gets_everything(bool isGrpc)
    {
        var closed = 2;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc, _ => new OtlpAnswer { ClosesConnection = closed-- > 0 });
        var surroundings = new Surroundings();

        CommandLine.Run(surroundings, "export", "otlp", Bundle, "--endpoint", receiver.Address, "--protocol", isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf)
            .ShouldBe(new CommandLine(ExitCodes.Success, $"{SpansOfBundle} spans sent\n", ""));

        surroundings.Waits.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_that_wants_a_key_says_so_and_gets_it_and_nobody_else_sees_it(bool isGrpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc, request => request.Headers.GetValueOrDefault("x-api-key") == "top=secret" ? new OtlpAnswer()
            : isGrpc ? new OtlpAnswer { GrpcStatus = "16", Trailers = new Dictionary<string, string> { ["grpc-message"] = "who are you" } }
            : new OtlpAnswer { HttpStatus = 401, ContentType = "application/json", Body = """{"message":"who are you"}"""u8.ToArray() });
        string[] arguments = ["export", "otlp", Bundle, "--endpoint", receiver.Address, "--protocol", isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf, "--verbose"];

        var without = CommandLine.Run(arguments);
        var with = CommandLine.Run([.. arguments, "--header", "x-api-key=top=secret"]);
        var byEnvironment = CommandLine.Run(new Surroundings { Environment = { ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-other=1, x-api-key=top%3Dsecret" } }, arguments);

        without.ExitCode.ShouldBe(ExitCodes.Failure);
        without.Out.ShouldBe($"{SpansOfBundle} spans sent, {SpansOfBundle} refused: {(isGrpc ? "gRPC UNAUTHENTICATED (16)" : "HTTP 401")}: who are you\n");
        without.Error.ShouldContain("--header NAME=VALUE gives the key that it asks for");
        with.ExitCode.ShouldBe(ExitCodes.Success, with.Error);
        byEnvironment.ExitCode.ShouldBe(ExitCodes.Success, byEnvironment.Error);
        (with.Out + with.Error + byEnvironment.Out + byEnvironment.Error).ShouldNotContain("secret");
    }

    [Fact]
    public async Task Grpc_to_a_receiver_of_http_says_what_is_wrong_and_what_to_try()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);
        var surroundings = new Surroundings();

        var run = CommandLine.Run(surroundings, "export", "otlp", Bundle, "--endpoint", receiver.Address, "--protocol", "grpc");

        run.ExitCode.ShouldBe(ExitCodes.Failure, run.Error);
        run.Error.ShouldEndWith($"{receiver.Address} does not speak gRPC; try --protocol http/protobuf, or the port for gRPC, which is mostly 4317\n");
        surroundings.Waits.ShouldBeEmpty(run.Error);
    }

    [Fact]
    public async Task Http_to_a_receiver_of_grpc_says_what_is_wrong_and_what_to_try()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true);
        var surroundings = new Surroundings();

        var run = CommandLine.Run(surroundings, "export", "otlp", Bundle, "--endpoint", receiver.Address, "--protocol", "http/protobuf");

        run.ExitCode.ShouldBe(ExitCodes.Failure, run.Error);
        run.Error.ShouldEndWith($"{receiver.Address} does not speak HTTP/1.1; try --protocol grpc, or the port for HTTP, which is mostly 4318\n");
        surroundings.Waits.ShouldBeEmpty(run.Error);
    }

    [Fact]
    public void Where_nobody_listens_nobody_is_waited_for_unless_that_is_wanted()
    {
        // The port is taken, so that nobody else gets it meanwhile, and not listened to.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var impatient = new Surroundings();
        var patient = new Surroundings();

        var run = CommandLine.Run(impatient, "export", "otlp", Bundle, "--endpoint", $"http://{taken.LocalEndPoint}");
        CommandLine.Run(patient, "export", "otlp", Bundle, "--endpoint", $"http://{taken.LocalEndPoint}", "--retry-for", "5s").ExitCode.ShouldBe(ExitCodes.Failure);

        run.ShouldBe(new CommandLine(
            ExitCodes.Failure,
            $"0 of {SpansOfBundle} spans sent, {SpansOfBundle} not delivered: nobody listens at http://{taken.LocalEndPoint}\n",
            $"error: {Bundle}: 0 of {SpansOfBundle} spans sent, {SpansOfBundle} not delivered: nobody listens at http://{taken.LocalEndPoint}; is the receiver running, and is that its port?\n"));
        impatient.Waits.ShouldBeEmpty();
        patient.Waits.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task New_ids_are_others_and_the_same_for_the_same_word()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        foreach (var word in (string[])["", "a", "a", "b"])
        {
            CommandLine.Run(["export", "otlp", Bundle, "--endpoint", receiver.Address, .. word.Length == 0 ? Array.Empty<string>() : ["--new-ids", word]]).ExitCode.ShouldBe(ExitCodes.Success);
        }

        var ids = receiver.Requests.Select(request => request.Spans.Select(span => Convert.ToHexStringLower(span.In(2).Single())).ToList()).ToList();
        ids[1].ShouldBe(ids[2]);
        ids[0].Intersect(ids[1]).ShouldBeEmpty();
        ids[1].Intersect(ids[3]).ShouldBeEmpty();
        ids.ShouldAllBe(of => of.Count == SpansOfBundle);
    }

    [Fact]
    public async Task On_a_terminal_a_long_export_shows_where_it_is_and_leaves_nothing_behind()
    {
        var isBusy = true;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ =>
        {
            var answer = new OtlpAnswer { HttpStatus = isBusy ? 503 : 200, ContentType = "text/plain" };
            isBusy = false;
            return answer;
        });

        var run = CommandLine.Run(new Surroundings { IsErrorTerminal = true }, "export", "otlp", Bundle, "--endpoint", receiver.Address);

        run.Error.ShouldContain("HTTP 503; again in ");
        run.Error.ShouldEndWith("\r\x1b[K");
        run.Error.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Verbose_says_each_step_on_a_line()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        CommandLine.Run("export", "otlp", Bundle, "--endpoint", receiver.Address, "--verbose").Error
            .ShouldBe($"reading {Bundle}\n{Bundle}: {SpansOfBundle} of {SpansOfBundle} spans\n");
    }

    [Fact]
    public async Task A_span_that_would_be_larger_than_receivers_take_has_its_content_cut_until_it_is_not()
    {
        directory.Copy("cell-wait", "1");
        var request = Directory.EnumerateFiles(directory.Place("1/payloads")).First(file => File.ReadAllText(file).Contains("\"input\":", StringComparison.Ordinal));
        File.WriteAllText(request, $$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{new string('ü', 3 << 20)}}"}]}]}""");
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);

        var run = CommandLine.Run("export", "otlp", directory.Path, "--endpoint", receiver.Address, "--content", "--content-limit", "100000000");

        run.Out.ShouldEndWith("spans sent\n");
        receiver.Requests.ShouldAllBe(batch => batch.Message.Length < 4 << 20);
        var longest = receiver.Spans.SelectMany(span => span.In(9)).Where(pair => pair.TextIn(1) == "gen_ai.input.messages").Select(pair => pair.In(2).Single().TextIn(1)).MaxBy(text => text.Length)!;
        longest.Length.ShouldBeGreaterThan(100_000);
        JsonNode.Parse(longest).ShouldBeOfType<JsonArray>();
    }

    [Theory]
    [InlineData("--endpoint", "localhost")]
    [InlineData("--endpoint", "ftp://localhost")]
    [InlineData("--header", "x-api-key")]
    [InlineData("--header", "x api=1")]
    [InlineData("--header", "x-api-key=a\nb")]
    [InlineData("--timeout", "soon")]
    [InlineData("--content-limit", "100")]
    public void What_cannot_be_meant_is_wrong_usage(string option, string value)
    {
        var run = CommandLine.Run("export", "otlp", Bundle, option, value);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain(option);
    }

    private static int SpansOf(string name) => JsonSpans(name).Count();

    private static IEnumerable<JsonNode> JsonSpans(string name) =>
        CommandLine.Run("export", "otlp-json", TestDirectory.CaseBundle(name), "-o", "-").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonNode.Parse(line)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray())!;

    private static string DescribeSpan(JsonNode span)
    {
        static string Any(JsonNode value) => value["arrayValue"] is { } array
            ? $"[{string.Join(", ", array["values"]!.AsArray().Select(entry => Any(entry!)))}]"
            : value.AsObject().Single().Value!.ToString();
        var error = span["status"]!["code"] is null ? "False" : "True";
        var attributes = span["attributes"]!.AsArray().Select(pair => $"{pair!["key"]}={Any(pair["value"]!)}");
        var links = span["links"]?.AsArray().Select(link => $"{link!["spanId"]}:{Any(link["attributes"]![0]!["value"]!)}") ?? [];
        return $"{span["traceId"]} {span["spanId"]} {span["parentSpanId"]?.ToString() ?? "none"} {span["name"]} 6={span["kind"]} 7={span["startTimeUnixNano"]} 8={span["endTimeUnixNano"]} [{string.Join(", ", attributes)}] [{string.Join(", ", links)}] {error}";
    }
}
