using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Payloads that cannot be recorded: a marker stands for each, its event is kept, and the state still reduces.</summary>
public partial class PoisonTests
{
    private const int MaxPayloadBytes = 64 << 10;

    public static TheoryData<string> Poisons =>
    [
        "throws", "cyclic", "too large object", "too large bytes", "not utf-8", "not json", "two documents", "NaN", "too deep",
    ];

    [Theory]
    [MemberData(nameof(Poisons))]
    public void Every_payload_of_a_rollout_may_be_poisoned(string poison)
    {
        using var recorder = new RecorderFixture(o => o.MaxPayloadBytes = MaxPayloadBytes);

        new ScriptedAgent(_ => Poison(poison), IsObject(poison) ? null : arguments => arguments).Run(recorder.StartSession());
        recorder.Flush();

        var markers = Markers(recorder.Bundle);
        markers.Length.ShouldBeGreaterThan(20);
        RecorderFixture.ReduceWithMarkers(recorder.Bundle);
        recorder.Metric("rollout.recorder.payloads.replaced").ShouldBe(markers.Length);
        recorder.Metric("rollout.recorder.events.not_recorded").ShouldBe(0);
    }

    [Theory]
    [InlineData("throws", "the payload could not be serialised: RolloutTrace.Recorder.Tests.PoisonTests+BrokenException")]
    [InlineData("cyclic", "the payload could not be serialised: System.InvalidOperationException")]
    [InlineData("too large object", "the payload was larger than the limit: over 65536 bytes")]
    [InlineData("too large bytes", "the payload was larger than the limit: 65537 bytes")]
    [InlineData("not utf-8", "the payload was not valid Unicode text")]
    [InlineData("not json", "the payload was not one valid JSON document of permitted depth")]
    [InlineData("two documents", "the payload was not one valid JSON document of permitted depth")]
    [InlineData("NaN", "the payload was not one valid JSON document of permitted depth")]
    [InlineData("too deep", "the payload was not one valid JSON document of permitted depth")]
    public void The_marker_says_what_happened_and_nothing_of_the_content(string poison, string says)
    {
        using var recorder = new RecorderFixture(o => o.MaxPayloadBytes = MaxPayloadBytes);
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();

        turn.StartModelRequest("gpt-5", Poison(poison)).Dispose();
        recorder.Flush();

        var marker = Markers(recorder.Bundle).ShouldHaveSingleItem();
        JsonNode.DeepEquals(JsonNode.Parse(marker), new JsonObject { ["input"] = new JsonArray(), ["rollout_trace_error"] = says }).ShouldBeTrue(marker);
    }

    [Fact]
    public void A_payload_of_the_largest_size_is_recorded_as_it_is()
    {
        using var recorder = new RecorderFixture(o => o.MaxPayloadBytes = MaxPayloadBytes);
        using var session = recorder.StartSession();
        var largest = Encoding.UTF8.GetBytes($"\"{new string('x', MaxPayloadBytes - 2)}\"");

        session.ProtocolEventObserved("a", largest);
        session.ProtocolEventObserved("b", JsonPayload.From(new string('y', MaxPayloadBytes - 2), Contract.Default.String));
        recorder.Flush();

        File.ReadAllBytes(Path.Join(recorder.Bundle, "payloads", "2.json")).ShouldBe(largest);
        File.ReadAllBytes(Path.Join(recorder.Bundle, "payloads", "3.json")).Length.ShouldBe(MaxPayloadBytes);
        recorder.Metric("rollout.recorder.payloads.replaced").ShouldBe(0);
    }

    [Fact]
    public void Serialising_that_traces_a_rollout_itself_is_recorded_too()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        var payload = JsonPayload.From(
            new Traced(() => session.ProtocolEventObserved("inner", JsonPayload.OfJson("""{"a":1}"""))),
            Contract.Default.Traced);

        session.ProtocolEventObserved("outer", payload);
        recorder.Flush();

        var events = RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload).OfType<ProtocolEventObservedEvent>().Select(e => e.EventType);
        events.ShouldBe(["inner", "outer"]);
    }

    [Fact]
    public void Texts_of_events_with_lone_surrogates_are_kept_with_a_replacement_character()
    {
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Fail("half a \ud83d");
        recorder.Flush();

        RecorderFixture.Events(recorder.Bundle).Select(e => e.Payload).OfType<InferenceFailedEvent>().Single().Error.ShouldBe("half a \ufffd");
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("escapes", false)]
    [InlineData("object", false)]
    [InlineData("node", false)]
    [InlineData("text", true)]
    [InlineData("object", true)]
    public void Half_a_surrogate_pair_costs_a_character_and_is_told_once_a_payload(string given, bool isRedacted)
    {
        using var recorder = new RecorderFixture(o => o.Redact = isRedacted ? payload => payload.Content : null);
        using var session = recorder.StartSession();
        session.ProtocolEventObserved("a", given switch
        {
            "text" => JsonPayload.OfJson("[\"half \ud83d of \ude00 it\",\"\ud83d\ude00 \ufffd\"]"),
            "escapes" => JsonPayload.OfJson("""["half \ud83d of \ude00 it","\ud83d\ude00 \ufffd"]"""),
            "node" => new JsonArray("half \ud83d of \ude00 it", "\ud83d\ude00 \ufffd"),
            _ => JsonPayload.From<string[]>(["half \ud83d of \ude00 it", "\ud83d\ude00 \ufffd"], Contract.Default.StringArray),
        });
        session.ProtocolEventObserved("a", JsonPayload.OfJson("\"\ufffd\""));
        recorder.Flush();

        JsonSerializer.Deserialize(File.ReadAllText(Path.Join(recorder.Bundle, "payloads", "2.json")), Contract.Default.StringArray)
            .ShouldBe(["half \ufffd of \ufffd it", "\ud83d\ude00 \ufffd"]);
        recorder.Metric("rollout.recorder.payloads.mended").ShouldBe(1);
        recorder.Metric("rollout.recorder.payloads.replaced").ShouldBe(0);
    }

    [Fact]
    public void What_is_of_no_known_API_is_kept_as_it_is_and_told_once()
    {
        using var reports = new ReportListener();
        using var recorder = new RecorderFixture();
        using var session = recorder.StartSession();
        using var turn = session.StartTurn();

        for (var i = 0; i < 2; i++)
        {
            using var request = turn.StartModelRequest("other", JsonPayload.OfJson("""{"prompt":"Say hello.","n":1}"""));
            request.Complete("resp_1", new TokenUsage(5, 2), JsonPayload.OfJson("""{"completion":"hello","tokens":2}"""));
        }

        recorder.Flush();

        reports.Of("DialectUnknown").Where(report => report.EndsWith(Path.GetFileName(recorder.Bundle), StringComparison.Ordinal)).ShouldBe([$"InferenceRequest {Path.GetFileName(recorder.Bundle)}"]);
        File.ReadAllText(Path.Join(recorder.Bundle, "payloads", "2.json")).ShouldBe("""{"prompt":"Say hello.","n":1}""");
        var graph = RolloutReducer.Reduce(recorder.Bundle).Graph;
        graph.InferenceCalls.Values.Select(call => call.Usage?.InputTokens).ShouldBe([5, 5]);
    }

    private static bool IsObject(string poison) => poison is "throws" or "cyclic" or "too large object" or "too large bytes";

    private static JsonPayload Poison(string kind) => kind switch
    {
        "throws" => JsonPayload.From(new Broken(), Contract.Default.Broken),
        "cyclic" => JsonPayload.From(Node.Cycle(), Contract.Default.Node),
        "too large object" => JsonPayload.From(Enumerable.Repeat("0123456789", 100_000).ToArray(), Contract.Default.StringArray),
        "too large bytes" => new byte[MaxPayloadBytes + 1],
        "not utf-8" => new byte[] { (byte)'"', 0xff, (byte)'"' },
        "not json" => JsonPayload.OfJson("""{"a":"""),
        "two documents" => JsonPayload.OfJson("{} {}"),
        "NaN" => JsonPayload.OfJson("""{"a":NaN}"""),
        "too deep" => JsonPayload.OfJson(new string('[', 200) + new string(']', 200)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string[] Markers(string bundle) =>
        [.. Directory.GetFiles(Path.Join(bundle, "payloads")).Select(File.ReadAllText).Where(text => text.Contains("\"rollout_trace_error\"", StringComparison.Ordinal))];

    internal sealed class Broken
    {
        private readonly string secret = "secret content";

        public string Text => throw new BrokenException(secret);
    }

    internal sealed class BrokenException(string message) : Exception(message);

    internal sealed class Traced(Action trace)
    {
        public string Text
        {
            get
            {
                trace();
                return "x";
            }
        }
    }

    internal sealed class Node
    {
        public Node? Next { get; set; }

        public static Node Cycle()
        {
            var node = new Node();
            node.Next = node;
            return node;
        }
    }

    [JsonSerializable(typeof(Broken))]
    [JsonSerializable(typeof(Traced))]
    [JsonSerializable(typeof(Node))]
    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(string[]))]
    private sealed partial class Contract : JsonSerializerContext;
}
