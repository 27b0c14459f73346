using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class AgentSessionTests
{
    [Fact]
    public void A_root_and_a_spawned_session_from_start_to_end()
    {
        using var traced = new TracedRollout();
        var session = RolloutTracing.StartSession(traced.Source, new()
        {
            ThreadId = "root",
            RolloutId = "rollout",
            AgentName = "lead",
            Model = "gpt-5",
            ProviderName = "openai",
            AgentRole = "planner",
            Nickname = "Ada",
            TaskName = "ship",
            SessionSource = "cli",
            WorkingDirectory = "/w",
            RolloutPath = "/w/log",
            ApprovalPolicy = "on-request",
            SandboxPolicy = JsonPayload.OfJson("""{"type":"read-only"}"""),
            TimeProvider = traced.Clock,
        });
        var turn = session.StartTurn(new() { TurnId = "turn-1" });
        var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = "call-1", Arguments = JsonPayload.OfJson("""{"message":"go"}""") });
        var child = session.SpawnAgent("worker", spawn, new() { ThreadId = "child", Model = "gpt-5-mini", AgentRole = "explorer", Nickname = "Bob", TaskName = "dig" });
        var grandchild = child.SpawnAgent("helper", options: new() { ThreadId = "grandchild" });
        grandchild.Abort();
        child.Fail("timeout");
        spawn.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call-1","output":"/root/worker"}"""));
        turn.Complete();
        session.Complete();

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void The_span_of_a_session_has_no_parent_and_is_never_current()
    {
        using var traced = new TracedRollout();
        using var ambient = new Activity("incoming request").Start();

        using var session = traced.StartSession();

        session.Activity.ShouldNotBeNull().ParentSpanId.ShouldBe(default);
        session.Activity.TraceId.ShouldNotBe(ambient.TraceId);
        Activity.Current.ShouldBeSameAs(ambient);

        session.Complete();
        Activity.Current.ShouldBeSameAs(ambient);
    }

    [Fact]
    public void A_spawned_session_is_a_root_span_of_the_rollouts_trace()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();

        using var child = session.SpawnAgent("worker");

        child.Activity.ShouldNotBeNull().ParentSpanId.ShouldBe(default);
        child.Activity.TraceId.ShouldBe(session.Activity!.TraceId);
        Activity.Current.ShouldBeSameAs(turn.Activity);
    }

    [Fact]
    public void Ids_are_uuids_of_version_7_unless_given()
    {
        using var traced = new TracedRollout();
        using var session = RolloutTracing.StartSession(traced.Source, new() { TimeProvider = traced.Clock });

        var id = Guid.Parse(session.ThreadId);
        id.Version.ShouldBe(7);
        id.ToString()[..13].Replace("-", "").ShouldBe(1_770_000_000_000.ToString("x12"));
        session.AgentPath.ShouldBe("/root");
        session.AgentName.ShouldBe("root");
        Guid.Parse(session.StartTurn().TurnId).Version.ShouldBe(7);
    }

    [Theory]
    [InlineData("worker_1", "/root/worker_1")]
    [InlineData("Test Writer", "/root/test_writer")]
    [InlineData("root", "/root/root_")]
    [InlineData("a/b", "/root/a_b")]
    [InlineData("é", "/root/_")]
    [InlineData("", "/root/agent")]
    public void A_name_that_the_format_does_not_allow_in_a_path_is_mended(string name, string path)
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();

        session.SpawnAgent(name).AgentPath.ShouldBe(path);
    }

    [Fact]
    public void A_resumed_session_keeps_its_thread_id_in_a_rollout_of_its_own()
    {
        using var traced = new TracedRollout();
        using var first = traced.StartSession();
        using var second = traced.StartSession();

        second.ThreadId.ShouldBe(first.ThreadId);
        second.Rollout.ShouldNotBeSameAs(first.Rollout);
        second.Activity!.TraceId.ShouldNotBe(first.Activity!.TraceId);
    }

    [Fact]
    public void Every_recording_that_attaches_while_the_root_starts_has_the_rollout_whole()
    {
        var early = new InMemoryRecording();
        var late = new InMemoryRecording();
        using var source = new ActivitySource("RolloutTrace.Tests");
        var attach = new Queue<InMemoryRecording>([early, late]);
        using var first = Listen(source, attach.Dequeue());
        using var second = Listen(source, attach.Dequeue());

        using (var session = RolloutTracing.StartSession(source, default))
        {
            session.StartTurn().Complete();
            session.Complete();
        }

        string[] whole = ["rollout_started", "thread_started", "codex_turn_started", "codex_turn_ended", "thread_ended", "rollout_ended"];
        early.EventTypes.ShouldBe(whole);
        late.EventTypes.ShouldBe(whole);
    }

    [Fact]
    public void TryAttach_AfterTheRootHasStarted_IsRefused()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();

        session.Rollout.TryAttach("elsewhere", _ => throw new InvalidOperationException("must not be opened")).ShouldBeFalse();
    }

    [Fact]
    public void TryAttach_SameDestinationTwice_OpensOneRecording()
    {
        var recording = new InMemoryRecording();
        using var source = new ActivitySource("RolloutTrace.Tests");
        using var first = Listen(source, recording, "same");
        using var second = Listen(source, recording, "same");

        RolloutTracing.StartSession(source, default).Complete();

        recording.EventTypes.ShouldBe(["rollout_started", "thread_started", "thread_ended", "rollout_ended"]);
    }

    [Fact]
    public void A_span_that_foreign_code_stops_is_recorded_as_aborted_once()
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession();

        session.Activity!.Stop();
        session.Complete();

        traced.Recording.Single<ThreadEndedEvent>().Status.ShouldBe(RolloutStatus.Aborted);
        traced.Recording.Single<RolloutEndedEvent>().Status.ShouldBe(RolloutStatus.Aborted);
        session.Activity.GetTagItem(RolloutAttributes.Status).ShouldBe("aborted");
    }

    private static ActivityListener Listen(ActivitySource source, InMemoryRecording recording, string? destination = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => ReferenceEquals(s, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span =>
            {
                if (RolloutBoundary.Of(span) is { } boundary)
                {
                    if (boundary.StartsRollout)
                    {
                        boundary.Rollout.TryAttach(destination ?? recording.GetHashCode().ToString(), _ => recording);
                    }

                    boundary.RecordStart();
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
