using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli.Tests.Exporting;

public sealed class BatchTests
{
    private const int ReceiversLimit = 4 << 20;
    private const int FileReceiversLimit = 1 << 20;

    [Fact]
    public void Batches_keep_the_order_and_the_bound()
    {
        var batches = SizedBatches.Of([3, 3, 3, 10, 1, 9, 1], static size => size, maxSize: 9).ToList();

        batches.ShouldBe([[3, 3, 3], [10], [1], [9], [1]]);
    }

    [Fact]
    public void Nothing_gives_no_batch() => SizedBatches.Of(Array.Empty<int>(), static size => size, maxSize: 9).ShouldBeEmpty();

    [Fact]
    public void Requests_with_content_stay_below_what_receivers_take()
    {
        var spans = Spans(1500);

        var requests = OtlpProtobuf.Requests(spans, "service").Select(static batch => batch.Request.ToArray()).ToList();

        requests.Count.ShouldBeGreaterThan(1);
        requests.ShouldAllBe(request => request.Length < ReceiversLimit);
        requests.SelectMany(request => request.In(1).Single().In(2).Single().In(2)).Select(span => Convert.ToHexStringLower(span.In(2).Single()))
            .ShouldBe(spans.Select(span => span.Reference.SpanId));
    }

    [Fact]
    public void Lines_with_content_stay_below_what_a_file_receiver_takes()
    {
        var spans = Spans(500);
        using var output = new MemoryStream();

        OtlpJsonLines.Write(output, spans, "service");

        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        lines.Length.ShouldBeGreaterThan(1);
        lines.ShouldAllBe(line => System.Text.Encoding.UTF8.GetByteCount(line) < FileReceiversLimit);
        lines.SelectMany(line => JsonNode.Parse(line)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray()).Select(span => span!["spanId"]!.GetValue<string>())
            .ShouldBe(spans.Select(span => span.Reference.SpanId));
    }

    [Fact]
    public void A_list_of_texts_is_an_array_in_both_forms()
    {
        var span = Spans(1)[0] with { Attributes = new Dictionary<string, object> { ["reasons"] = new[] { "stop", "length" } } };
        using var output = new MemoryStream();

        OtlpJsonLines.Write(output, [span], "service");

        var json = JsonNode.Parse(output.ToArray())!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]![0]!["attributes"]![0]!["value"]!;
        json.ToJsonString().ShouldBe("""{"arrayValue":{"values":[{"stringValue":"stop"},{"stringValue":"length"}]}}""");
        var array = OtlpProtobuf.Requests([span], "service").Single().Request.ToArray().In(1).Single().In(2).Single().In(2).Single().In(9).Single().In(2).Single().In(5).Single();
        array.In(1).Select(entry => entry.TextIn(1)).ShouldBe(["stop", "length"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_span_that_is_alone_too_large_is_cut_until_receivers_take_it(int attributes)
    {
        var text = $$"""[{"role":"user","parts":[{"type":"text","content":"{{new string('ü', 5 << 20)}}"}]}]""";
        var span = Spans(1)[0] with { Attributes = Enumerable.Range(1, attributes).ToDictionary(number => $"content.{number}", object (_) => text) };
        using var output = new MemoryStream();

        OtlpJsonLines.Write(output, [span, span], "service");
        var requests = OtlpProtobuf.Requests([span, span], "service").Select(static batch => batch.Request.ToArray()).ToList();

        requests.ShouldAllBe(request => request.Length < ReceiversLimit && request.Length > ReceiversLimit / 4);
        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        lines.ShouldAllBe(line => System.Text.Encoding.UTF8.GetByteCount(line) < FileReceiversLimit);
        foreach (var pair in requests.SelectMany(request => request.In(1).Single().In(2).Single().In(2)).SelectMany(sent => sent.In(9)))
        {
            JsonNode.Parse(pair.In(2).Single().TextIn(1)).ShouldBeOfType<JsonArray>();
        }
    }

    private static List<RolloutSpan> Spans(int count) =>
    [
        .. Enumerable.Range(1, count).Select(static number => new RolloutSpan
        {
            Reference = new SpanReference { TraceId = new string('1', 32), SpanId = number.ToString("x16") },
            Name = "chat gpt-5",
            StartUnixNs = number,
            EndUnixNs = number,
            Attributes = new Dictionary<string, object> { ["gen_ai.input.messages"] = new string('"', 4096), ["gen_ai.output.messages"] = new string('ü', 2048) },
        }),
    ];
}
