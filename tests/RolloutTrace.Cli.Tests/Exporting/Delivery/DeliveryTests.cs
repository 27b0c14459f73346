using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli.Tests.Exporting;

public sealed class DeliveryTests
{
    private const int Batches = 4;
    private const int SpansOfBatch = 2;

    private readonly Surroundings surroundings = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_batch_is_sent_whatever_became_of_those_before_it(bool isGrpc)
    {
        var answers = new Queue<OtlpAnswer>(
        [
            OtlpAnswer.Refusing(1, "too old"),
            isGrpc ? new OtlpAnswer { GrpcStatus = "3", Trailers = new Dictionary<string, string> { ["grpc-message"] = "bad%0Aname" } } : new OtlpAnswer { HttpStatus = 400, ContentType = "application/x-protobuf", Body = OtlpAnswer.RpcStatus("bad\nname") },
            new OtlpAnswer(),
            OtlpAnswer.Refusing(2, "too old"),
        ]);
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc, _ => answers.Dequeue());

        var report = Send(receiver, isGrpc);

        receiver.Requests.Select(IdOf).ShouldBe([1, 2, 3, 4]);
        report.ToString().ShouldBe($"8 spans sent, 5 refused: too old (3); {(isGrpc ? "gRPC INVALID_ARGUMENT (3)" : "HTTP 400")}: bad name (2)");
        surroundings.Waits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_may_pass_is_sent_again(int status)
    {
        var refusals = 1;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => new OtlpAnswer { HttpStatus = refusals-- > 0 ? status : 200 });

        Send(receiver, isGrpc: false).ToString().ShouldBe("8 spans sent");

        receiver.Requests.Select(IdOf).ShouldBe([1, 1, 2, 3, 4]);
        surroundings.Waits.ShouldHaveSingleItem().TotalSeconds.ShouldBeInRange(0.5, 1);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task What_will_not_pass_is_not_sent_again(int status)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => new OtlpAnswer { HttpStatus = status });

        Send(receiver, isGrpc: false).ToString().ShouldBe($"8 spans sent, 8 refused: HTTP {status}");

        receiver.Requests.Count.ShouldBe(Batches);
    }

    [Theory]
    [InlineData("1", null, true)]
    [InlineData("2", null, false)]
    [InlineData("4", null, true)]
    [InlineData("5", null, false)]
    [InlineData("8", null, false)]
    [InlineData("8", 4, true)]
    [InlineData("10", null, true)]
    [InlineData("11", null, true)]
    [InlineData("13", null, false)]
    [InlineData("14", null, true)]
    [InlineData("14", 9, true)]
    [InlineData("15", null, true)]
    public async Task Of_grpcs_statuses_those_are_sent_again_that_the_specification_names(string status, int? retrySeconds, bool isSentAgain)
    {
        var refusals = 1;
        var details = Convert.ToBase64String(OtlpAnswer.RpcStatus("later", (byte?)retrySeconds)).TrimEnd('=');
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true, _ =>
            refusals-- > 0 ? new OtlpAnswer { GrpcStatus = status, Trailers = new Dictionary<string, string> { ["grpc-status-details-bin"] = details } } : new OtlpAnswer());

        var report = Send(receiver, isGrpc: true);

        report.IsWhole.ShouldBe(isSentAgain);
        surroundings.Waits.Count.ShouldBe(isSentAgain ? 1 : 0);
        if (retrySeconds is { } seconds)
        {
            surroundings.Waits.Single().TotalSeconds.ShouldBe(seconds);
        }
    }

    [Fact]
    public async Task A_receiver_that_asks_for_more_time_than_there_is_is_not_waited_for()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, static _ => new OtlpAnswer { HttpStatus = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } });

        var report = Send(receiver, isGrpc: false);

        report.ToString().ShouldBe("0 of 8 spans sent, 8 not delivered: HTTP 429");
        report.Advice.ShouldBe(["it asks to wait for 1 h 0 min, which --retry-for has to allow"]);
        surroundings.Waits.ShouldBeEmpty();
        receiver.Requests.Count.ShouldBe(Batches);
    }

    [Fact]
    public async Task The_bound_is_on_the_time_in_which_nothing_is_taken()
    {
        // Half a minute of silence before each batch is less than the bound; all together are more.
        var requests = 0;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => requests++ % 2 == 0
            ? new OtlpAnswer { HttpStatus = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "30" } }
            : new OtlpAnswer());

        Send(receiver, isGrpc: false).ToString().ShouldBe("8 spans sent");

        surroundings.Waits.Select(wait => wait.TotalSeconds).ShouldBe([30, 30, 30, 30]);
    }

    [Fact]
    public async Task One_that_is_given_up_and_comes_back_gets_the_rest()
    {
        var isAway = true;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, request =>
        {
            isAway &= IdOf(request) < 3;
            return new OtlpAnswer { HttpStatus = isAway ? 503 : 200 };
        });

        Send(receiver, isGrpc: false).ToString().ShouldBe("4 of 8 spans sent, 4 not delivered: HTTP 503");

        receiver.Requests.Count(request => IdOf(request) == 2).ShouldBe(1);
        surroundings.Waits.Sum(wait => wait.TotalSeconds).ShouldBeInRange(15, 60);
    }

    [Fact]
    public async Task One_that_does_not_answer_in_time_is_tried_again()
    {
        var silent = 1;
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => new OtlpAnswer { StaysSilent = silent-- > 0 });

        Send(receiver, isGrpc: false, of => of with { Timeout = TimeSpan.FromMilliseconds(100) }).ToString().ShouldStartWith("8 spans sent");

        receiver.Requests.Count.ShouldBeGreaterThan(Batches);
    }

    [Theory]
    [InlineData(301, "text/plain", "8 spans sent, 8 refused: HTTP 301: moved to http://elsewhere/v1/traces")]
    [InlineData(404, "text/html", "0 of 8 spans sent, 8 not delivered: HTTP 404")]
    [InlineData(200, "text/html; charset=utf-8", "0 of 8 spans sent, 8 not delivered: {0}/v1/traces answers with a page for people")]
    public async Task What_is_no_receiver_has_not_taken_anything(int status, string contentType, string expected)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => new OtlpAnswer
        {
            HttpStatus = status,
            ContentType = contentType,
            Headers = new Dictionary<string, string> { ["Location"] = "http://elsewhere/v1/traces" },
            Body = "<html>hello</html>"u8.ToArray(),
        });

        Send(receiver, isGrpc: false).ToString().ShouldBe(string.Format(null, expected, receiver.Address));
    }

    [Theory]
    [InlineData("{}", "8 spans sent")]
    [InlineData("""{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}""", "8 spans sent, 8 refused: too old")]
    [InlineData("""{"partialSuccess":{"rejectedSpans":1}}""", "8 spans sent, 4 refused: the receiver does not say why")]
    [InlineData("nonsense", "8 spans sent")]
    public async Task A_receiver_that_answers_in_json_is_understood(string body, string expected)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, _ => new OtlpAnswer { ContentType = "application/json", Body = System.Text.Encoding.UTF8.GetBytes(body) });

        Send(receiver, isGrpc: false).ToString().ShouldBe(expected);
    }

    private static int IdOf(OtlpRequest request) => int.Parse(request.Spans.First().TextIn(5), null);

    private DeliveryReport Send(OtlpReceiver receiver, bool isGrpc, Func<Receiver, Receiver>? change = null)
    {
        var protocol = isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf;
        var to = new Receiver { Protocol = protocol, Address = ReceiverAddress.Of(new Uri(receiver.Address), protocol, isForTraces: false), Timeout = TimeSpan.FromMinutes(1) };
        using var channel = OtlpChannel.To(change?.Invoke(to) ?? to, surroundings.Clock);
        return new RolloutTrace.Cli.Delivery(channel, new RetryRules { Bound = TimeSpan.FromMinutes(1), Backoff = new Backoff(new Random(1)), Time = surroundings.Clock, Pause = surroundings.Wait }, new Observer())
            .Send(Enumerable.Range(1, Batches).SelectMany(static number => OtlpProtobuf.Requests([Span(number, 1), Span(number, 2)], "service")));
    }

    private static RolloutSpan Span(int batch, int number) => new()
    {
        Reference = new SpanReference { TraceId = new string('1', 32), SpanId = ((batch * SpansOfBatch) + number).ToString("x16", null) },
        Name = batch.ToString(null, null),
        StartUnixNs = 1,
        EndUnixNs = 2,
        Attributes = new Dictionary<string, object>(),
    };

    private sealed class Observer : IDeliveryObserver
    {
        public void Sent(int spans) => spans.ShouldBe(SpansOfBatch);

        public void Waiting(string why, TimeSpan wait) => why.ShouldNotBeEmpty();

        public void Warned(string words) => words.ShouldNotBeEmpty();
    }
}
