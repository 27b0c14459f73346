using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Tests.Spans;

public sealed class SpanImportTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Theory]
    [InlineData(OtlpStyle.Canonical)]
    [InlineData(OtlpStyle.Numbers)]
    [InlineData(OtlpStyle.Base64)]
    [InlineData(OtlpStyle.Upper)]
    [InlineData(OtlpStyle.Names)]
    [InlineData(OtlpStyle.Snake)]
    [InlineData(OtlpStyle.ResourceLast)]
    [InlineData(OtlpStyle.NoResource)]
    public void OTLP_as_JSON_is_read_however_an_SDK_writes_it(OtlpStyle style)
    {
        using var directory = new ImportDirectory().With("a", SpanFiles.Otlp(TestSpan.Agent, style).ToJsonString());

        IsAgent(directory.RunOne());
    }

    [Fact]
    public void Every_format_gives_the_same_bundle()
    {
        var expected = Bundle(("a", Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString())));
        var message = SpanFiles.Protobuf(TestSpan.Agent);
        foreach (var (what, content) in new (string, byte[])[]
        {
            ("numbers", Utf8(SpanFiles.Otlp(TestSpan.Agent, OtlpStyle.Numbers).ToJsonString())),
            ("base64", Utf8(SpanFiles.Otlp(TestSpan.Agent, OtlpStyle.Base64).ToJsonString())),
            ("resource last", Utf8(SpanFiles.Otlp(TestSpan.Agent, OtlpStyle.ResourceLast).ToJsonString())),
            ("indented", Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString(Indented))),
            ("what Jaeger answers", Utf8($"{{\"result\":{SpanFiles.Otlp(TestSpan.Agent).ToJsonString()}}}")),
            ("a list", Utf8($"[{SpanFiles.Otlp(TestSpan.Agent).ToJsonString()}]")),
            ("windows", [0xef, 0xbb, 0xbf, .. Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString(Indented).Replace("\n", "\r\n", StringComparison.Ordinal))]),
            ("utf-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(SpanFiles.Otlp(TestSpan.Agent).ToJsonString(Indented).Replace("\n", "\r\n", StringComparison.Ordinal))]),
            ("utf-16, the other way", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(SpanFiles.Otlp(TestSpan.Agent).ToJsonString())]),
            ("lines", Utf8(string.Join("\n", TestSpan.Agent.Reverse().Select(span => SpanFiles.Otlp([span]).ToJsonString())))),
            ("twice", Utf8($"{SpanFiles.Otlp(TestSpan.Agent).ToJsonString()}\n{SpanFiles.Otlp(TestSpan.Agent).ToJsonString()}\n")),
            ("protobuf", message),
            ("delimited", [.. SpanFiles.Varint((ulong)message.Length), .. message, .. SpanFiles.Varint((ulong)message.Length), .. message]),
            ("sized", [0, 0, (byte)(message.Length >> 8), (byte)message.Length, .. message]),
            ("compressed", Packed(message)),
            ("compressed lines", Packed(Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString()))),
            ("console", Utf8(string.Join('\n', SpanFiles.Console(TestSpan.Agent)))),
            ("console, of windows", Utf8(string.Join('\n', SpanFiles.Console(TestSpan.Agent.Reverse())).Replace("\n", "\r\n", StringComparison.Ordinal))),
            ("console, a line each", Utf8(string.Join('\n', SpanFiles.Console(TestSpan.Agent, isIndented: false)))),
            ("jaeger", Utf8(SpanFiles.Jaeger(TestSpan.Agent).ToJsonString())),
            ("jaeger indented", Utf8(SpanFiles.Jaeger(TestSpan.Agent).ToJsonString(Indented))),
            ("jaeger trace", Utf8(SpanFiles.Jaeger(TestSpan.Agent)["data"]![0]!.ToJsonString())),
        })
        {
            var given = Bundle(("b", content));
            if (what.StartsWith("jaeger", StringComparison.Ordinal))
            {
                // A list is a text of JSON there, and stays one among the attributes as they came.
                given = [.. given.Select(static line => line.Replace("\"[\\\"tool_calls\\\"]\"", "[\"tool_calls\"]", StringComparison.Ordinal).Replace("\"[\\\"stop\\\"]\"", "[\"stop\"]", StringComparison.Ordinal))];
            }

            if (what.StartsWith("console", StringComparison.Ordinal))
            {
                given.ShouldBe([.. expected.Select(static line => line.Replace(",\"source_name\":\"lib\",\"source_version\":\"1\"", "", StringComparison.Ordinal))], what);
                continue;
            }

            given.ShouldBe(expected, what);
        }
    }

    [Theory]
    [InlineData("{it is 5\" long}")]
    [InlineData("{\"a\": [1}")]
    [InlineData("{\n  \"a\": \"b\n}")]
    [InlineData("{\n  [1\n}")]
    public void What_a_program_prints_that_never_ends_costs_no_span(string printed)
    {
        var spans = SpanFiles.Console(TestSpan.Agent).ToList();
        using var directory = new ImportDirectory().With("out.txt", string.Join('\n', [.. spans[..2], printed, .. spans[2..]]));

        var session = directory.RunOne();

        IsAgent(session);
        session.Result.Diagnostics.Select(static said => said.Message).ShouldBe(printed.Contains('\n', StringComparison.Ordinal) ? ["begins a value that is no JSON"] : []);
    }

    [Fact]
    public void What_a_program_prints_beside_its_spans_is_passed_over_and_a_span_that_is_torn_costs_itself()
    {
        var spans = SpanFiles.Console(TestSpan.Agent).ToList();
        var printed = string.Join('\n', "Asking ...", "{'a': 1}", spans[0], "{", "{not JSON}", "[1,2", spans[1][..^40], spans[1], """{"answer": 42}""", spans[2], spans[3], "", "{", "  broken", "}", spans[4], "{\n  \"context\": {},\n  \"name\": \"x\"\n}", "Yes.", spans[1][..^1]);
        using var directory = new ImportDirectory().With("out.txt", printed);

        var session = directory.RunOne();

        IsAgent(session);
        session.Result.Diagnostics.Select(static said => (said.Line, said.Count, said.Message)).ShouldBe(
        [
            (LineOfBrace(2), 3, "begins a value that is torn"),
            (LineOfBrace(7), 1, "begins a value that is no JSON"),
            (LineOfBrace(9), 1, "holds a span without ids or without any time"),
        ]);

        long? LineOfBrace(int time) => printed.Split('\n').Index().Where(static entry => entry.Item == "{").ElementAt(time - 1).Index + 1;
    }

    [Fact]
    public void A_span_that_is_no_JSON_costs_itself_and_numbers_that_are_none_cost_nothing()
    {
        var spans = TestSpan.Agent.ToList();
        spans[1] = spans[1] with { Attributes = [.. spans[1].Attributes, ("gen_ai.request.top_p", 0.25)] };
        spans.Insert(2, new("00000000000000f1", spans[0].Id, "chat big", 32, 33, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "broken")));
        var text = SpanFiles.Otlp(spans).ToJsonString();
        text.ShouldContain("0.25");
        using var directory = new ImportDirectory().With("a", text.Replace("0.25", "NaN", StringComparison.Ordinal).Replace("\"broken\"", "\"broken\" nonsense", StringComparison.Ordinal));

        var session = directory.RunOne();

        IsAgent(session);
        session.Result.Diagnostics.ShouldHaveSingleItem().Message.ShouldBe("holds a span that is no JSON");
        session.RequestPayload(1).ShouldContain("\"top_p\":\"NaN\"");
    }

    [Theory]
    [InlineData(":")]
    [InlineData("}")]
    [InlineData(",}")]
    public void Where_a_span_is_to_be_and_nothing_is_the_line_is_torn(string nothing)
    {
        var text = SpanFiles.Otlp(TestSpan.Agent).ToJsonString();
        using var directory = new ImportDirectory().With("a", $"{text.Replace("\"spans\":[", $"\"spans\":[{nothing}", StringComparison.Ordinal)}\n{text}");

        var session = directory.RunOne();

        IsAgent(session);
        session.Result.Diagnostics.ShouldHaveSingleItem().Message.ShouldBe("is torn, or no JSON");
    }

    [Fact]
    public void JSON_in_bytes_is_what_is_said_and_a_span_without_a_start_began_no_later_than_it_ended()
    {
        var spans = TestSpan.Agent.Select(static span => span with
        {
            Attributes = [.. span.Attributes.Select(static tag => tag.Key is "gen_ai.input.messages" or "gen_ai.output.messages" ? (tag.Key, (object)Utf8((string)tag.Value)) : tag)],
            Start = span.Id == "0000000000000002" ? -TestSpan.Epoch : span.Start,
        });
        using var directory = new ImportDirectory().With("a", SpanFiles.Protobuf(spans));

        IsAgent(directory.RunOne());
    }

    [Fact]
    public void A_trace_may_lie_in_files_of_every_format()
    {
        var (first, rest) = (TestSpan.Agent.Take(2), TestSpan.Agent.Skip(2));

        Bundle(("z", SpanFiles.Protobuf(first)), ("a", Utf8(SpanFiles.Otlp(rest).ToJsonString()))).ShouldBe(Bundle(("x", SpanFiles.Protobuf(TestSpan.Agent))));
    }

    [Fact]
    public void Structured_attributes_are_what_they_stand_for()
    {
        var messages = JsonNode.Parse("""[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]}]""")!;
        var span = new TestSpan("0000000000000002", null, "chat big", 10, 30, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "big"), ("gen_ai.input.messages", messages), ("gen_ai.output.messages", JsonNode.Parse("""[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"look","arguments":{"bed":"north","n":3}}]}]""")!));
        foreach (var content in new[] { Utf8(SpanFiles.Otlp([span]).ToJsonString()), SpanFiles.Protobuf([span]) })
        {
            using var directory = new ImportDirectory().With("a", content);
            var session = directory.RunOne();

            session.Saw(1).ShouldBe(["user: Is it dry?"]);
            session.Answered(1).ShouldBe(["""call c1 {"bed":"north","n":3}"""]);
        }
    }

    [Fact]
    public void Events_links_and_failures_are_read_in_every_format()
    {
        var span = new TestSpan("0000000000000002", null, "chat big", 10, 30, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "big"), ("error.type", "overloaded"))
        {
            Status = 2,
            Words = "529 overloaded",
            Events = [("gen_ai.user.message", [("gen_ai.event.content", """{"role":"user","content":"Is it dry?"}""")])],
            Links = ["00000000000000aa"],
        };
        foreach (var content in new[] { Utf8(SpanFiles.Otlp([span], OtlpStyle.Names).ToJsonString()), SpanFiles.Protobuf([span]), Utf8(SpanFiles.Jaeger([span]).ToJsonString()), Utf8(SpanFiles.Console([span]).Single()) })
        {
            using var directory = new ImportDirectory().With("a", content);
            var session = directory.RunOne();

            session.Saw(1).ShouldBe(["user: Is it dry?"]);
            session.Requests[0].Execution.Status.ShouldBe(ExecutionStatus.Failed);
            session.Events.Select(static e => e.Payload).OfType<InferenceFailedEvent>().ShouldHaveSingleItem().Error.ShouldContain("529 overloaded");
        }
    }

    [Fact]
    public void A_torn_line_gives_the_spans_before_the_tear_and_the_lines_behind_it()
    {
        var lines = TestSpan.Agent.Select(span => SpanFiles.Otlp([span]).ToJsonString()).ToList();
        var torn = SpanFiles.Otlp(TestSpan.Agent.Take(2)).ToJsonString();
        using var directory = new ImportDirectory().With("a", [torn[..^5], "not json", "[1]", .. lines.Skip(2)]);

        var session = directory.RunOne();

        IsAgent(session);
        session.Result.IsSound.ShouldBeFalse();
        session.Diagnostics.ShouldBe(["line_unreadable 1 2"]);
    }

    [Fact]
    public void A_cut_protobuf_gives_the_spans_before_the_cut()
    {
        var message = SpanFiles.Protobuf([TestSpan.Agent[4], TestSpan.Agent[0], TestSpan.Agent[1]]);
        using var directory = new ImportDirectory().With("a", message[..^20]);

        var session = directory.RunOne();

        session.Requests.Count.ShouldBe(1);
        session.Result.Diagnostics.ShouldHaveSingleItem().Message.ShouldContain("behind byte");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_span_of_Jaegers_without_a_start_is_imported_and_told(bool hasLogs)
    {
        var json = SpanFiles.Jaeger(TestSpan.Agent.Select(static span => span.Id == "0000000000000002" ? span with { Events = [("note", [])] } : span));
        var spans = json["data"]![0]!["spans"]!.AsArray();
        var chat = spans.Single(static span => span!["spanID"]!.GetValue<string>() == "0000000000000002")!;
        chat["startTime"] = 0;
        chat["logs"] = hasLogs ? chat["logs"]!.DeepClone() : new JsonArray();
        using var directory = new ImportDirectory().With("a", json.ToJsonString());

        var session = directory.RunOne();

        IsAgent(session);
        var diagnostic = session.Result.Diagnostics.ShouldHaveSingleItem();
        (diagnostic.Severity, diagnostic.Message).ShouldBe((ImportSeverity.Warning, "holds a span without a start, which is taken to have begun with what is known of it, or of its trace"));
    }

    [Fact]
    public void Spans_without_ids_or_any_time_are_told_and_the_others_imported()
    {
        var json = SpanFiles.Otlp(TestSpan.Agent);
        var spans = json["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray();
        foreach (var damage in new[] { "traceId", "spanId", "startTimeUnixNano" })
        {
            var copy = spans[3]!.DeepClone();
            copy[damage] = damage == "traceId" ? "xyz" : damage == "spanId" ? "0000000000000000" : null;
            copy["endTimeUnixNano"] = damage == "startTimeUnixNano" ? null : copy["endTimeUnixNano"]!.DeepClone();
            spans.Add(copy);
        }

        using var directory = new ImportDirectory().With("a", json.ToJsonString());
        var session = directory.RunOne();

        IsAgent(session);
        session.Diagnostics.ShouldBe(["line_unreadable 1 3"]);
    }

    [Fact]
    public void A_file_without_spans_that_matter_gave_nothing()
    {
        using var directory = new ImportDirectory().With("a", SpanFiles.Otlp([TestSpan.Agent[3]]).ToJsonString()).With("b", """{"resourceSpans":[]}""").With("c", SpanFiles.Protobuf(TestSpan.Agent)).With("d", SpanFiles.Protobuf(TestSpan.Agent));

        var result = directory.Run();

        result.Rollouts.Count.ShouldBe(1);
        result.Diagnostics.Select(static diagnostic => $"{Path.GetFileName(diagnostic.File)} {diagnostic.Code}").ShouldBe(["a nothing_found", "b nothing_found"]);
    }

    [Fact]
    public void A_parent_that_never_came_is_running_and_the_rest_is_there()
    {
        using var directory = new ImportDirectory().With("a", SpanFiles.Otlp(TestSpan.Agent.Skip(1)).ToJsonString());

        var session = directory.RunOne();

        session.Requests.Count.ShouldBe(2);
        session.Graph.Status.ShouldBe(RolloutStatus.Running);
    }

    [Fact]
    public void Many_conversations_are_as_many_rollouts()
    {
        var spans = Enumerable.Range(1, 600).SelectMany(static i => TestSpan.Agent.Select(span => span with
        {
            TraceId = $"{i:x32}",
            Start = span.Start + i,
            End = span.End + i,
            Attributes = [.. span.Attributes.Select(attribute => attribute.Key == "gen_ai.conversation.id" ? (attribute.Key, (object)$"conv-{i}") : attribute)],
        }));
        using var directory = new ImportDirectory().With("a", SpanFiles.Protobuf(spans));

        directory.Run().Rollouts.Count.ShouldBe(600);
    }

    [Fact]
    public void Any_damage_to_any_format_is_told_and_harms_nothing()
    {
        var random = new Random(7);
        byte[][] files = [Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString()), Utf8(SpanFiles.Otlp(TestSpan.Agent).ToJsonString(Indented)), SpanFiles.Protobuf(TestSpan.Agent), Utf8(SpanFiles.Jaeger(TestSpan.Agent).ToJsonString()), Packed(SpanFiles.Protobuf(TestSpan.Agent)), Utf8(string.Join('\n', SpanFiles.Console(TestSpan.Agent)))];
        for (var i = 0; i < 300; i++)
        {
            var bytes = files[i % files.Length].ToArray();
            bytes = random.Next(2) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
            for (var damaged = 0; damaged < 3; damaged++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var directory = new ImportDirectory().With("a", bytes);
            var result = directory.Run();
            foreach (var rollout in result.Rollouts)
            {
                _ = Analysis.OpenRollout.Open(BundleReader.Open(rollout.Bundle));
            }
        }
    }

    private static void IsAgent(ImportedSession session)
    {
        session.Requests.Count.ShouldBe(2);
        session.Saw(2).ShouldBe(["user: Is it dry?", """call c1 {"bed":"north"}""", "output c1: dry"]);
        session.Answered(2).ShouldBe(["assistant: Yes."]);
        session.Usage(2).ShouldBe("150 0 0 5 0");
        session.Graph.ToolCalls.Values.ShouldHaveSingleItem().ModelVisibleCallId.ShouldBe("c1");
        session.Graph.Status.ShouldBe(RolloutStatus.Completed);
    }

    private static List<string> Bundle(params (string Name, byte[] Content)[] files)
    {
        using var directory = new ImportDirectory();
        foreach (var (name, content) in files)
        {
            directory.With(name, content);
        }

        directory.Run().Diagnostics.ShouldBeEmpty();
        return [.. Directory.GetFiles(directory.Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(directory.Output, file)} {File.ReadAllText(file)}")];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
