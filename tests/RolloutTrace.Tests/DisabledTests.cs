using System.Diagnostics;
using System.Text.Json;

namespace RolloutTrace.Tests;

public sealed class DisabledTests
{
    private static readonly string[] Command = ["bash", "-lc", "make"];
    private static readonly byte[] Bytes = """{"input":[]}"""u8.ToArray();
    private static readonly JsonElement Element = JsonElement.Parse("[]");

    [Fact]
    public void Nobody_listens_Every_call_is_taken_and_nothing_happens()
    {
        using var source = new ActivitySource("RolloutTrace.Tests");
        using var ambient = new Activity("ambient").Start();

        CallEverything(source);

        Activity.Current.ShouldBeSameAs(ambient);
    }

    [Fact]
    public void Nobody_listens_Nothing_is_allocated()
    {
        using var source = new ActivitySource("RolloutTrace.Tests");
        CallEverything(source);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            CallEverything(source);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_listener_that_wants_no_span_gets_none_and_handles_below_do_nothing()
    {
        using var traced = new TracedRollout(ActivitySamplingResult.None);

        CallEverything(traced.Source);

        traced.Spans.ShouldBeEmpty();
        traced.Recording.EventTypes.ShouldBeEmpty();
    }

    [Fact]
    public void A_listener_that_wants_propagation_only_gets_spans_without_attributes_and_links()
    {
        using var traced = new TracedRollout(ActivitySamplingResult.PropagationData, records: false);

        CallEverything(traced.Source);

        traced.Spans.Count.ShouldBeGreaterThan(10);
        foreach (var span in traced.Spans)
        {
            span.Links.ShouldBeEmpty();
            span.GetTagItem(RolloutAttributes.Status).ShouldBeNull();
        }
    }

    [Fact]
    public void A_listener_that_does_not_record_gets_the_spans_whole()
    {
        using var traced = new TracedRollout(records: false);

        CallEverything(traced.Source);

        traced.Recording.EventTypes.ShouldBeEmpty();
        foreach (var span in traced.Spans)
        {
            span.IsStopped.ShouldBeTrue();
            span.GetTagItem(RolloutAttributes.Status).ShouldNotBeNull();
            span.GetTagItem(RolloutAttributes.Payload.Request).ShouldBeNull();
        }
    }

    // Only what the caller would make anyway is made outside: commands, documents, exceptions.
    private static void CallEverything(ActivitySource source)
    {
        using var session = RolloutTracing.StartSession(source, new() { AgentPath = "/root", Model = "gpt-5", ProviderName = "openai" });
        session.ProtocolEventObserved("event", Bytes);
        using var turn = session.StartTurn();
        turn.ProtocolEventObserved("event", Bytes);
        using var request = turn.StartModelRequest("gpt-5", Bytes);
        request.Complete("response", new TokenUsage(1, 2), Element);
        using (var failed = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("{}")))
        {
            failed.Fail("error");
            failed.Cancel("reason");
        }

        using (var compaction = turn.StartCompaction())
        {
            using var compactionRequest = compaction.StartRequest(Bytes);
            compactionRequest.Complete("response", null, Element);
            compactionRequest.Fail("error");
            compactionRequest.Cancel("reason");
            compaction.Install(JsonPayload.OfJson("[]"), JsonPayload.OfJson("[]"));
            compaction.Fail("error");
            compaction.Cancel();
        }

        CallTools(session, turn, request);
        turn.Complete();
        turn.Fail("error");
        turn.Cancel();
        session.Complete();
        session.Fail("error");
    }

    private static void CallTools(AgentSession session, Turn turn, ModelRequest request)
    {
        using var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "call", Arguments = Element, CausedBy = request });
        tool.AssignMcpCallId();
        using (var process = tool.StartCommand(Command, "/w"))
        {
            process.ProcessStarted(1);
            process.TerminalAssigned("1");
            process.Exit(0, new() { Stdout = "out", Stderr = "err", Formatted = "formatted" });
            process.Decline("no");
            process.Fail("error");
        }

        tool.StartStdinWrite("1", "y").Complete();
        tool.StartPatch(JsonPayload.OfJson("{}")).Complete();
        tool.StartMcpCall(JsonPayload.OfJson("{}")).Complete(JsonPayload.OfJson("{}"));
        tool.StartWork("http").Complete();
        using var child = session.SpawnAgent("worker", causedBy: tool);
        using var childTurn = child.StartTurn();
        tool.MessageSent(child);
        tool.TaskAssigned(child);
        tool.AgentClosed(child);
        session.ResultReceived(childTurn, "done");
        childTurn.Complete();
        child.Complete();
        using (var cell = turn.StartCodeCell(new() { CallId = "call", Source = "1" }))
        {
            using var nested = cell.StartToolCall(new() { Name = "nested" });
            nested.Complete(JsonPayload.OfJson("1"));
            cell.Yielded(JsonPayload.OfJson("1"));
            cell.Complete(JsonPayload.OfJson("1"));
            cell.Fail("error");
            cell.Terminate();
        }

        tool.Complete(JsonPayload.OfJson("{}"));
        tool.Fail("error");
        tool.Cancel();
    }
}
