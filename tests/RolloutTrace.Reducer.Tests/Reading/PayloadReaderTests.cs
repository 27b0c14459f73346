using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Reading;

public sealed class PayloadReaderTests : IDisposable
{
    private readonly TestBundle bundle = new();
    private readonly Journal journal = new();
    private readonly DefectLog log;

    public PayloadReaderTests() => log = new DefectLog(journal);

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Open_OfWhatIsSound_IsADocument()
    {
        using var payload = Reader().Open(Payload("""{"a":1}"""));

        payload.ShouldBeOfType<Payload.Document>().Content.Root.GetProperty("a").GetInt32().ShouldBe(1);
        log.Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void Open_OfAFileThatIsNotThere_IsMissingWithTheReason()
    {
        var reference = Payload("{}");
        File.Delete(Path.Join(bundle.Directory, reference.Path));

        using var payload = Reader().Open(reference);

        var missing = payload.ShouldBeOfType<Payload.Missing>();
        missing.Unreadable.What.ShouldContain("raw_payload:1");
        Should.Throw<ReductionFault>(() => missing.Content).Message.ShouldBe(missing.Unreadable.What);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    public void Open_OfWhatIsNoJson_IsDamagedWithTheReason(string text)
    {
        using var payload = Reader().Open(Payload(text));

        var damaged = payload.ShouldBeOfType<Payload.Damaged>();
        damaged.Unreadable.What.ShouldStartWith("payload raw_payload:1 is not JSON");
        Should.Throw<ReductionFault>(() => damaged.Content).Message.ShouldBe(damaged.Unreadable.What);
    }

    [Fact]
    public void Open_OfAMarker_IsReplacedWithTheReasonAndNotedOnce()
    {
        var reader = Reader();
        var reference = Payload("""{"output_items":[],"token_usage":{"input_tokens":7},"rollout_trace_error":"too large"}""");

        using var payload = reader.Open(reference);
        using var again = reader.Open(reference);

        payload.ShouldBeOfType<Payload.Replaced>().ReplacedBecause.ShouldBe("too large");
        payload.Content.Root.GetProperty("token_usage").GetProperty("input_tokens").GetInt32().ShouldBe(7, "what remains can be read");
        var diagnostic = log.Diagnostics.ShouldHaveSingleItem();
        (diagnostic.Code, diagnostic.Message).ShouldBe(
            (DiagnosticCodes.PayloadReplaced, "payload raw_payload:1 is missing: the recorder replaced it (too large)"));
    }

    [Theory]
    [InlineData("""{"a":{"rollout_trace_error":"x"}}""")]
    [InlineData("""{"rollout_trace_error":{"x":1}}""")]
    [InlineData("""["rollout_trace_error"]""")]
    public void Open_OfWhatOnlyLooksLikeAMarker_IsADocument(string text)
    {
        using var payload = Reader().Open(Payload(text));

        payload.ShouldBeOfType<Payload.Document>();
    }

    [Fact]
    public void Open_Strictly_ReadsAMarkerAsIfItWereThePayload()
    {
        using var payload = new PayloadReader(bundle.Open(), new Strict(log, "trace.jsonl")).Open(Payload("""{"input":[],"rollout_trace_error":"x"}"""));

        payload.ShouldBeOfType<Payload.Document>();
    }

    [Fact]
    public void Open_TakesWhatWasReadAhead_ByWhatTheReferenceSays()
    {
        var reader = Reader();
        var reference = Payload("""{"from":"disk"}""");
        reader.MoveTo(new PrefetchedPayload(reference, Bytes("""{"from":"ahead"}"""), Error: null));

        using var ahead = reader.Open(reference with { });
        using var again = reader.Open(reference);

        ahead.Content.Root.GetProperty("from").GetString().ShouldBe("ahead");
        again.Content.Root.GetProperty("from").GetString().ShouldBe("disk", "it is taken once");
    }

    [Fact]
    public void Open_OfAnother_LeavesWhatWasReadAhead()
    {
        var reader = Reader();
        var wanted = Payload("""{"from":"disk"}""");
        var other = Payload("""{"from":"other"}""");
        reader.MoveTo(new PrefetchedPayload(wanted, Bytes("""{"from":"ahead"}"""), Error: null));

        using var first = reader.Open(other);
        using var second = reader.Open(wanted);

        first.Content.Root.GetProperty("from").GetString().ShouldBe("other");
        second.Content.Root.GetProperty("from").GetString().ShouldBe("ahead");
    }

    [Fact]
    public void Open_Mending_MendsTheTextInTheTextToo_WithOneWarning()
    {
        var reader = Reader();
        reader.MendsText = true;

        using var payload = reader.Open(Payload("""{"a":"x\ud83d","arguments":"{\"b\":\"\\udc00y\"}"}"""));
        using var arguments = payload.Content.ParseText(payload.Content.Root, "arguments");

        payload.Content.Root.GetProperty("a").GetString().ShouldBe("x\ufffd");
        arguments.Root.GetProperty("b").GetString().ShouldBe("\ufffdy");
        log.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.TextMended);
    }

    private PayloadReader Reader() => new(bundle.Open(), new Lenient(log, journal));

    private PayloadReference Payload(string text) => bundle.Payload(PayloadKind.ProtocolEvent, text);

    private PayloadBytes Bytes(string text)
    {
        var reference = Payload(text);
        return bundle.Open().ReadPayload(reference);
    }
}
