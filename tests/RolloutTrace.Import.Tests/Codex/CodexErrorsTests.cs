using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Tests.Codex;

public sealed class CodexErrorsTests
{
    private const string Limit = "\"message\":\"You've hit your usage limit.\",\"codex_error_info\":\"usage_limit_exceeded\"";

    [Fact]
    public void A_request_that_failed_is_one_whose_error_says_so()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Count(10, 0, 1).Output("c1").Event($"{{\"type\":\"error\",{Limit}}}").Event($"{{\"type\":\"task_complete\",\"turn_id\":\"t1\",\"error\":{{{Limit}}}}}")
            .Started("t2").User("again").Says("I").Event("""{"type":"error","message":"cut","codex_error_info":{"response_stream_disconnected":{"http_status_code":502}}}""").Completed("t2")
            .Started("t3").User("third").Event($"{{\"type\":\"task_complete\",\"turn_id\":\"t3\",\"error\":{{{Limit}}}}}").Import();

        session.Turns.ShouldBe(["Failed: r1 r2", "Failed: r3", "Failed: r4"]);
        session.Requests.Select(static request => request.Execution.Status).ShouldBe([ExecutionStatus.Completed, ExecutionStatus.Failed, ExecutionStatus.Failed, ExecutionStatus.Failed]);
        session.Saw(2).ShouldBe(["user: go", "call c1 {}", "output c1: done"]);
        session.Answered(3).ShouldBe(["assistant: I"]);
        session.Saw(4)[^2..].ShouldBe(["assistant: I", "user: third"]);
        session.Events.Select(static e => e.Payload).OfType<InferenceFailedEvent>().Select(static failed => failed.Error).ShouldBe(["You've hit your usage limit.", "cut", "You've hit your usage limit."]);
        session.Breadcrumbs.ShouldBe(["event_msg", "event_msg"]);
        session.Anomalies.ShouldBe(["retry_storm"]);
    }

    [Fact]
    public void An_error_that_is_no_requests_or_does_not_say_whose_it_is_fails_none()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go")
            .Event("""{"type":"stream_error","message":"Reconnecting... 1/5","codex_error_info":{"response_stream_disconnected":{"http_status_code":null}}}""")
            .Event("""{"type":"error","message":"no such turn","codex_error_info":"thread_rollback_failed"}""").Event("""{"type":"error","message":"what"}""").Event("""{"type":"error","message":"else","codex_error_info":"other"}""")
            .Says("1").Count(10, 0, 1).Event($"{{\"type\":\"error\",{Limit}}}").Completed("t1").Event($"{{\"type\":\"error\",{Limit}}}").Import();

        session.Turns.ShouldBe(["Completed: r1"]);
        session.Breadcrumbs.Count.ShouldBe(6);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_call_to_a_server_of_tools_that_says_that_it_failed_failed()
    {
        const string Called = """{"type":"mcp_tool_call_end","invocation":{"server":"jira","tool":"get","arguments":{}},"duration":{"secs":0,"nanos":5},"call_id":""";
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go")
            .Calls("c1", "mcp__jira__get").Calls("c2", "mcp__jira__get").Calls("c3", "mcp__jira__get").Count(10, 0, 1)
            .Event(Called + """
                "c1","result":{"Err":"no server"}}
                """)
            .Event(Called + """
                "c2","result":{"Ok":{"content":[{"type":"text","text":"Err"}],"isError":true}}}
                """)
            .Event(Called + """
                "c3","result":{"Ok":{"content":[{"type":"text","text":"Err"}],"isError":false}}}
                """)
            .Output("c1", "\"err: no server\"").Output("c2").Output("c3").Says("so").Completed("t1").Import();

        session.Events.Select(static e => e.Payload).OfType<ToolCallEndedEvent>().Select(static ended => (ended.ToolCallId, ended.Status))
            .ShouldBe([("c1", ExecutionStatus.Failed), ("c2", ExecutionStatus.Failed), ("c3", ExecutionStatus.Completed)]);
        session.Anomalies.ShouldBe(["call_failed", "call_failed"]);
    }
}
