using System.Text.Json.Nodes;

namespace RolloutTrace.Import.Tests.Spans;

/// <summary>Messages that an SDK logs for its spans instead of having them on the spans.</summary>
public sealed class LoggedMessagesTests
{
    private const string Span = "0000000000000002";

    private static readonly TestSpan Chat = new(Span, null, "chat big", 10, 30, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "big"), ("gen_ai.system", "openai"));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void They_are_the_spans_whatever_comes_first_and_wherever(bool logsFirst, bool inOneFile)
    {
        var spans = SpanFiles.Otlp([Chat]).ToJsonString();
        var logs = Logs(
            Record("gen_ai.choice", 29, """{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Yes."}}"""),
            Record("gen_ai.user.message", 11, """{"content":"Is it dry?"}"""),
            Record("gen_ai.user.message", 11, """{"content":"Is it dry?"}"""),
            Record("something.else", 12, """{"content":"no"}"""));
        using var directory = new ImportDirectory();
        var (first, second) = logsFirst ? (logs, spans) : (spans, logs);
        if (inOneFile)
        {
            directory.With("a", [first, second]);
        }
        else
        {
            directory.With("a", first).With("b", second);
        }

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);
        session.Result.Diagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void In_protobuf_they_are_the_spans_as_well(bool logsFirst)
    {
        const ulong At = 1795165200011000000;
        var logs = SpanFiles.ProtobufLogs(
            (At + 18_000_000, Span, "gen_ai.choice", JsonNode.Parse("""{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Yes."}}"""), []),
            (At, Span, "", JsonNode.Parse("""{"content":"Is it dry?"}"""), [("event.name", "gen_ai.user.message")]),
            (At, Span, "something.else", JsonNode.Parse("""{"content":"no"}"""), []),
            (At, "00000000000000ff", "gen_ai.user.message", JsonNode.Parse("""{"content":"of no span"}"""), []),
            (At, "00000000000000ff", "gen_ai.user.message", JsonNode.Parse("""{"content":"of no span"}"""), []));
        using var directory = new ImportDirectory().With(logsFirst ? "a" : "b", logs).With(logsFirst ? "b" : "a", SpanFiles.Protobuf([Chat]));

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);

        // One that came twice is lost once, and whose span is another's is not.
        var lost = session.Result.Diagnostics.ShouldHaveSingleItem();
        lost.Code.ShouldBe(ImportCodes.ReferenceMissing);
        lost.Message.ShouldContain("the spans of 1 of them did not come");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void They_may_stand_anywhere_in_what_a_Collector_writes_of_a_service(bool isMetrics, bool inOneFile)
    {
        var others = Enumerable.Range(0, 400).Select(i => isMetrics
            ? $$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"{{{new string('x', 200)}}}{{{i}}}"}]}]}]}"""
            : Logs(Record("app.request", 11, $$"""{"content":"{{new string('x', 200)}} {{i}}"}"""))).ToList();
        var (message, spans) = (Logs(Record("gen_ai.user.message", 11, """{"content":"Is it dry?"}""")), SpanFiles.Otlp([Chat]).ToJsonString());
        using var directory = new ImportDirectory();
        var session = (inOneFile ? directory.With("a", [.. others, message, spans]) : directory.With("a", [.. others, message]).With("b", spans)).RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Result.Diagnostics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Metrics_before_them_are_no_spans_in_protobuf_either(bool isFramed)
    {
        var metrics = SpanFiles.ProtobufMetrics(Enumerable.Range(0, 500).Select(static i => $"gen_ai.client.token.usage/{new string('x', 200)}_{i}").Append("gen_ai.sixteen.b"));
        var logs = SpanFiles.ProtobufLogs((1795165200029000000, Span, "gen_ai.user.message", JsonNode.Parse("""{"content":"Is it dry?"}"""), []));
        byte[][] messages = [metrics, logs, SpanFiles.Protobuf([Chat])];
        using var directory = new ImportDirectory().With("a", [.. messages.SelectMany(message => isFramed ? (byte[])[.. SpanFiles.Varint((ulong)message.Length), .. message] : message)]);

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Result.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Details_of_an_operation_are_read_in_protobuf_with_the_spans_in_one_file()
    {
        var logs = SpanFiles.ProtobufLogs((1795165200029000000, Span, "gen_ai.client.inference.operation.details", null, [
            ("gen_ai.input.messages", JsonNode.Parse("""[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]}]""")!),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Yes."}]}]""")]));
        using var directory = new ImportDirectory().With("a", [.. logs, .. SpanFiles.Protobuf([Chat])]);

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_record_may_have_what_was_given_and_what_came_of_it(bool isProtobuf)
    {
        const string Body = """{"input":{"messages":[{"role":"user","content":{"content":"[{\"text\":\"Is it dry?\"}]"}}]},"output":{"messages":[{"role":"assistant","content":{"message":"Yes.","finish_reason":"end_turn"}}]}}""";
        using var directory = isProtobuf
            ? new ImportDirectory().With("a", SpanFiles.ProtobufLogs((1795165200029000000, Span, "", JsonNode.Parse(Body), [("event.name", "strands.telemetry.tracer")])))
            : new ImportDirectory().With("a", Logs(Record("strands.telemetry.tracer", 29, Body)));
        var session = directory.With("b", SpanFiles.Otlp([Chat]).ToJsonString()).RunOne();

        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Events_inside_spans_say_the_same_in_both_encodings(bool isProtobuf)
    {
        var chat = Chat with { Events = [("gen_ai.user.message", [("content", "Is it dry?")]), ("gen_ai.choice", [("message", """{"role":"assistant","content":"Yes."}"""), ("finish_reason", "stop")])] };
        using var directory = new ImportDirectory();
        var session = (isProtobuf ? directory.With("a", SpanFiles.Protobuf([chat])) : directory.With("a", SpanFiles.Otlp([chat]).ToJsonString())).RunOne();

        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);
    }

    [Fact]
    public void Details_of_an_operation_may_be_logged_with_structured_attributes()
    {
        var details = new JsonObject
        {
            ["timeUnixNano"] = "1795165200029000000", ["eventName"] = "gen_ai.client.inference.operation.details", ["traceId"] = TestSpan.Trace, ["spanId"] = Span,
            ["attributes"] = new JsonArray(
                Attribute("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]}]"""),
                Attribute("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Yes."}]}]""")),
        };
        using var directory = new ImportDirectory().With("a", SpanFiles.Otlp([Chat]).ToJsonString()).With("b", Logs(details));

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        session.Answered(1).ShouldBe(["assistant: Yes."]);
    }

    [Fact]
    public void JSON_in_bytes_is_what_it_says_and_other_bytes_stay_as_they_are()
    {
        var otlp = SpanFiles.Otlp([Chat]);
        var attributes = otlp["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]![0]!["attributes"]!.AsArray();
        attributes.Add(new JsonObject { ["key"] = "gen_ai.input.messages", ["value"] = new JsonObject { ["bytesValue"] = Convert.ToBase64String("""[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]}]"""u8) } });
        attributes.Add(new JsonObject { ["key"] = "gen_ai.other", ["value"] = new JsonObject { ["bytesValue"] = "AAEC" } });
        using var directory = new ImportDirectory().With("a", otlp.ToJsonString());

        var session = directory.RunOne();
        session.Saw(1).ShouldBe(["user: Is it dry?"]);
        Directory.EnumerateFiles(session.Bundle, "*.json", SearchOption.AllDirectories).Any(static file => File.ReadAllText(file).Contains("\"gen_ai.other\":\"AAEC\"", StringComparison.Ordinal)).ShouldBeTrue();
    }

    private static JsonObject Record(string name, int at, string body) => new()
    {
        ["timeUnixNano"] = $"17951652000{at}000000", ["traceId"] = TestSpan.Trace, ["spanId"] = Span, ["body"] = Any(JsonNode.Parse(body)!),
        ["attributes"] = new JsonArray(new JsonObject { ["key"] = "event.name", ["value"] = new JsonObject { ["stringValue"] = name } }),
    };

    private static JsonObject Attribute(string key, string json) => new() { ["key"] = key, ["value"] = Any(JsonNode.Parse(json)!) };

    private static string Logs(params JsonObject[] records) =>
        new JsonObject { ["resourceLogs"] = new JsonArray(new JsonObject { ["scopeLogs"] = new JsonArray(new JsonObject { ["logRecords"] = new JsonArray([.. records]) }) }) }.ToJsonString();

    private static JsonObject Any(JsonNode node) => node switch
    {
        JsonObject members => new() { ["kvlistValue"] = new JsonObject { ["values"] = new JsonArray([.. members.Select(static member => new JsonObject { ["key"] = member.Key, ["value"] = Any(member.Value!) })]) } },
        JsonArray list => new() { ["arrayValue"] = new JsonObject { ["values"] = new JsonArray([.. list.Select(static entry => Any(entry!))]) } },
        _ => node.GetValueKind() == System.Text.Json.JsonValueKind.String ? new() { ["stringValue"] = node.GetValue<string>() } : new() { ["intValue"] = node.ToJsonString() },
    };
}
