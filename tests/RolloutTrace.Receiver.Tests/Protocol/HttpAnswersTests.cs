using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Receiver.Protocol;

namespace RolloutTrace.Receiver.Tests.Protocol;

/// <summary>Each answer of the contract's table over HTTP, in protobuf and in JSON.</summary>
public sealed class HttpAnswersTests : IDisposable
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("/v1/logs", Json, false)]
    [InlineData("/v1/logs", Protobuf, true)]
    [InlineData("/v1/traces", Json, true)]
    [InlineData("/v1/traces", Protobuf + "; charset=utf-8", false)]
    public async Task WhatIsTaken_IsAnsweredInTheSameForm(string path, string type, bool zip)
    {
        await using var server = await ServerOfTest.StartAsync();

        var (status, body, answer) = await Send(server.Http + path, type, "hello"u8.ToArray(), zip);

        status.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type.Split(';')[0]);
        Encoding.UTF8.GetString(body).ShouldBe(type == Json ? "{}" : "");
        var (signal, message, isJson) = server.Sink.Taken.ShouldHaveSingleItem();
        (signal, Encoding.UTF8.GetString(message), isJson).ShouldBe((path == "/v1/logs" ? ExportSignal.Logs : ExportSignal.Traces, "hello", type == Json));
    }

    [Fact]
    public async Task WhatIsRejected_IsCountedAndNamed()
    {
        await using var server = await ServerOfTest.StartAsync();
        server.Sink.Answer = new ExportAnswer(ExportFate.Taken, "2 rejected: why", 2);

        var logs = JsonNode.Parse((await Send(server.Http + "/v1/logs", Json, [])).Body)!["partialSuccess"]!;
        var spans = JsonNode.Parse((await Send(server.Http + "/v1/traces", Json, [])).Body)!["partialSuccess"]!;
        var partial = (await Send(server.Http + "/v1/logs", Protobuf, [])).Body.In(1).Single();

        logs.ToJsonString().ShouldBe("""{"rejectedLogRecords":"2","errorMessage":"2 rejected: why"}""");
        spans.ToJsonString().ShouldBe("""{"rejectedSpans":"2","errorMessage":"2 rejected: why"}""");
        ProtobufText.Fields(partial)[0].ShouldBe((1, 2UL));
        partial.TextIn(2).ShouldBe("2 rejected: why");
    }

    [Theory]
    [InlineData(nameof(ExportFate.NoOtlp), 400, 3, null)]
    [InlineData(nameof(ExportFate.Busy), 429, 14, "5")]
    [InlineData(nameof(ExportFate.Unwritable), 503, 14, "5")]
    public async Task WhatIsNotTaken_IsAStatus_WithATimeIfItMayComeAgain(string fate, int status, int code, string? retryAfter)
    {
        await using var server = await ServerOfTest.StartAsync();
        server.Sink.Answer = new ExportAnswer(Enum.Parse<ExportFate>(fate), "why");

        var inJson = await Send(server.Http + "/v1/logs", Json, []);
        var inProtobuf = await Send(server.Http + "/v1/logs", Protobuf, []);

        ((int)inJson.Status, (int)inProtobuf.Status).ShouldBe((status, status));
        foreach (var answer in new[] { inJson.Answer, inProtobuf.Answer })
        {
            answer.Headers.RetryAfter?.ToString().ShouldBe(retryAfter);
        }

        var json = JsonNode.Parse(inJson.Body)!;
        (json["code"]!.GetValue<int>(), json["message"]!.GetValue<string>()).ShouldBe((code, "why"));
        json["details"]?[0]!["retryDelay"]!.GetValue<string>().ShouldBe(retryAfter + "s");
        ProtobufText.Fields(inProtobuf.Body)[0].ShouldBe((1, (ulong)code));
        inProtobuf.Body.TextIn(2).ShouldBe("why");
        inProtobuf.Body.In(3).Select(static any => any.TextIn(1)).ShouldBe(retryAfter is null ? [] : ["type.googleapis.com/google.rpc.RetryInfo"]);
    }

    [Theory]
    [InlineData("GET", "/v1/logs", Json, null, 405)]
    [InlineData("POST", "/v1/metrics", Json, null, 404)]
    [InlineData("POST", "/", Json, null, 404)]
    [InlineData("POST", "/v1/logs", "text/plain", null, 415)]
    [InlineData("POST", "/v1/logs", null, null, 415)]
    [InlineData("POST", "/v1/logs", "nonsense", null, 415)]
    [InlineData("POST", "/v1/logs", Json, "br", 415)]
    [InlineData("POST", "/v1/logs", Protobuf, "gzip, gzip", 415)]
    [InlineData("POST", "/v1/logs", Protobuf, "gzip", 400)]
    public async Task WhatIsAskedInAnotherWay_IsSaid(string method, string path, string? type, string? encoding, int status)
    {
        await using var server = await ServerOfTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Http + path);
        if (method == "POST")
        {
            request.Content = new ByteArrayContent("no gzip"u8.ToArray());
            if (type is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }

            if (encoding is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            }
        }

        using var answer = await http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        server.Sink.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer s3cret2", 401)]
    [InlineData("Basic s3cret", 401)]
    [InlineData("s3cret", 401)]
    [InlineData("Bearer s3cret", 200)]
    [InlineData("bearer s3cret", 200)]
    [InlineData("Bearer other", 200)]
    public async Task OnlyWhoHasAKey_MaySend(string? authorization, int status)
    {
        await using var server = await ServerOfTest.StartAsync(null, ServerOfTest.Key, "other");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Http + "/v1/logs") { Content = Content(Json, "{}"u8.ToArray(), zip: false) };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", authorization);
        }

        using var answer = await http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        server.Sink.Taken.Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task Health_NeedsNoKey_AndSaysWhenNothingCanBeTaken()
    {
        await using var server = await ServerOfTest.StartAsync(null, ServerOfTest.Key);

        (await http.GetAsync(server.Http + "/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Sink.IsReady = false;
        (await http.GetAsync(server.Http + "/healthz")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData(RequestBytes.Most, false, 200)]
    [InlineData(RequestBytes.Most + 1, false, 413)]
    [InlineData(RequestBytes.Most, true, 200)]
    [InlineData(RequestBytes.Most + 1, true, 413)]
    [InlineData(RequestBytes.Most * 4, true, 413)]
    public async Task MoreThanTwentyMebibytes_IsNotTaken(int bytes, bool zip, int status)
    {
        await using var server = await ServerOfTest.StartAsync();

        var (answered, _, _) = await Send(server.Http + "/v1/logs", Protobuf, new byte[bytes], zip);

        ((int)answered).ShouldBe(status);
        server.Sink.Taken.Select(static taken => taken.Message.Length).ShouldBe(status == 200 ? [bytes] : []);
    }

    [Fact]
    public async Task GzipThatIsCutOff_IsNoMessage()
    {
        await using var server = await ServerOfTest.StartAsync();
        using var content = new ByteArrayContent(Zipped(new byte[100_000])[..^20]);
        content.Headers.ContentType = new(Protobuf);
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await http.PostAsync(server.Http + "/v1/logs", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<(HttpStatusCode Status, byte[] Body, HttpResponseMessage Answer)> Send(string address, string type, byte[] body, bool zip = false)
    {
        using var content = Content(type, body, zip);
        var answer = await http.PostAsync(address, content);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer);
    }

    private static ByteArrayContent Content(string type, byte[] body, bool zip)
    {
        var content = new ByteArrayContent(zip ? Zipped(body) : body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (zip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static byte[] Zipped(byte[] body)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return zipped.ToArray();
    }
}
