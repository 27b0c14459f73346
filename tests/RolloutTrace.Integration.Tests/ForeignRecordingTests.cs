using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests;

/// <summary>Recording without a handle and without spans, as an assembly can do that sees no more of the core than its public members.</summary>
public sealed class ForeignRecordingTests : IDisposable
{
    private const string Thread = "thread-1";

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("rollout-trace-foreign-");
    private readonly ManualTimeProvider clock = new();

    private string Target => Path.Join(root.FullName, "bundle");

    [Fact]
    public void What_is_imported_becomes_a_bundle_that_reduces_strictly()
    {
        var span = new EventSpan { TraceId = "0123456789abcdef0123456789abcdef", SpanId = "0123456789abcdef" };
        var rollout = Rollout.Create(rolloutId: "rollout-1", rootThreadId: Thread);
        var recording = DirectRecording.Create(Target, rollout, clock);
        rollout.TryAttach(Target, _ => recording).ShouldBeTrue();
        var session = new RolloutEventContext(Thread, null, null) { WallTimeUnixMs = 1000 };
        var turn = new RolloutEventContext(Thread, "turn-1", null) { WallTimeUnixMs = 2000, ForeignSpan = span };

        rollout.Record(session, new RolloutStartedEvent { TraceId = recording.TraceId, RootThreadId = Thread });
        rollout.Record(session, new ThreadStartedEvent { ThreadId = Thread, AgentPath = "/root" });
        rollout.Record(turn, new CodexTurnStartedEvent { CodexTurnId = "turn-1", ThreadId = Thread });
        var request = rollout.Record(turn, PayloadKind.InferenceRequest, """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}"""u8.ToArray(), "call-1", Started);
        var response = rollout.Record(turn, PayloadKind.InferenceResponse, """{"output_items":[]}"""u8.ToArray(), "call-1", Completed);
        rollout.Record(turn, new CodexTurnEndedEvent { CodexTurnId = "turn-1", Status = ExecutionStatus.Completed });
        rollout.Record(session, new ThreadEndedEvent { ThreadId = Thread, Status = RolloutStatus.Completed });
        rollout.Record(session, new RolloutEndedEvent { Status = RolloutStatus.Completed });
        recording.Complete();

        request!.RawPayloadId.ShouldBe("raw_payload:1");
        response!.RawPayloadId.ShouldBe("raw_payload:2");
        var events = BundleReader.Open(Target).ReadEvents().Select(line => line.Event!).ToList();
        events.Select(e => e.Seq).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        events.Select(e => e.WallTimeUnixMs).ShouldBe([1000, 1000, 2000, 2000, 2000, 2000, 1000, 1000]);
        events[3].Otel.ShouldBe(span);
        var graph = RolloutReducer.Reduce(Target, new ReductionOptions { Strict = true }).Graph;
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.InferenceCalls["call-1"].RequestItemIds.Count.ShouldBe(1);
        graph.InferenceCalls["call-1"].Otel.ShouldBe(span.Reference);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Half_a_surrogate_pair_costs_a_character_and_no_payload(bool isEscaped)
    {
        var json = isEscaped ? """["half \ud83d of \ude00 it","\ud83d\ude00 \ufffd"]""" : "[\"half \ud83d of \ude00 it\",\"\ud83d\ude00 \ufffd\"]";
        var (rollout, recording) = Start();

        rollout.Record(default, PayloadKind.ToolResult, JsonPayload.OfJson(json), "call-1", Completed).ShouldNotBeNull();
        recording.Complete();

        using var stored = JsonDocument.Parse(File.ReadAllText(Path.Join(Target, "payloads", "1.json")));
        stored.RootElement.EnumerateArray().Select(text => text.GetString()).ShouldBe(["half \ufffd of \ufffd it", "\ud83d\ude00 \ufffd"]);
    }

    [Fact]
    public void A_payload_is_whole_on_disk_before_its_event_and_with_it_when_the_call_returns()
    {
        var (rollout, recording) = Start();

        rollout.Record(default, PayloadKind.ToolResult, "[1]"u8.ToArray(), 0, (_, reference) =>
        {
            File.Exists(Path.Join(Target, reference.Path)).ShouldBeFalse();
            File.ReadAllText(Path.Join(Target, "trace.jsonl")).ShouldBeEmpty();
            return new ToolCallEndedEvent { ToolCallId = "t", Status = ExecutionStatus.Completed, ResultPayload = reference };
        });

        File.ReadAllText(Path.Join(Target, "payloads/1.json")).ShouldBe("[1]");
        BundleReader.Open(Target).ReadEvents().ShouldHaveSingleItem();
        recording.Complete();
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("{} {}")]
    [InlineData("")]
    public void A_payload_that_is_no_document_ends_the_recording_and_says_so(string document)
    {
        var (rollout, recording) = Start();
        rollout.Record(default, new RolloutStartedEvent { TraceId = recording.TraceId, RootThreadId = Thread });

        rollout.Record(default, PayloadKind.InferenceRequest, Encoding.UTF8.GetBytes(document), "c", Started).ShouldBeNull();
        rollout.Record(default, new RolloutEndedEvent { Status = RolloutStatus.Completed });

        recording.Failure.ShouldBeOfType<InvalidDataException>();
        Should.Throw<BundleException>(recording.Complete).Message.ShouldStartWith($"{Target}: recording ended after 1 events: a payload of kind InferenceRequest is ");
        BundleReader.Open(Target).ReadEvents().Single().Event!.Payload.ShouldBeOfType<RolloutStartedEvent>();
        Directory.GetFiles(Path.Join(Target, "payloads")).ShouldBeEmpty();
    }

    [Fact]
    public void The_first_event_fixes_the_recordings()
    {
        var (rollout, recording) = Start();

        rollout.Record(default, new RolloutStartedEvent { TraceId = recording.TraceId, RootThreadId = Thread });

        rollout.TryAttach("elsewhere", _ => throw new InvalidOperationException("must not be opened")).ShouldBeFalse();
        recording.Complete();
    }

    [Fact]
    public void Many_threads_leave_no_hole_and_no_payload_behind_its_event()
    {
        var (rollout, recording) = Start();

        Parallel.For(0, 200, i => rollout.Record(default, PayloadKind.InferenceRequest, "{\"input\":[]}"u8.ToArray(), $"c{i}", Started));
        recording.Complete();

        var events = BundleReader.Open(Target).ReadEvents().Select(line => line.Event!).ToList();
        events.Select(e => e.Seq).ShouldBe(Enumerable.Range(1, 200).Select(i => (long)i));
        events.Select(e => ((InferenceStartedEvent)e.Payload).RequestPayload.RawPayloadId).ShouldBe(Enumerable.Range(1, 200).Select(i => $"raw_payload:{i}"));
        events.Select(e => ((InferenceStartedEvent)e.Payload).InferenceCallId).Distinct().Count().ShouldBe(200);
    }

    public void Dispose() => root.Delete(recursive: true);

    private (Rollout Rollout, DirectRecording Recording) Start()
    {
        var rollout = Rollout.Create("rollout-1", Thread);
        var recording = DirectRecording.Create(Target, rollout, clock);
        rollout.TryAttach(Target, _ => recording);
        return (rollout, recording);
    }

    private static RawEventPayload Started(string id, PayloadReference request) => new InferenceStartedEvent
    {
        InferenceCallId = id, ThreadId = Thread, CodexTurnId = "turn-1", Model = "m", ProviderName = "p", RequestPayload = request,
    };

    private static RawEventPayload Completed(string id, PayloadReference response) => new InferenceCompletedEvent { InferenceCallId = id, ResponsePayload = response };
}
