using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Runtime;

public class TerminalReductionTests
{
    [Fact]
    public void End_ProcessIdThatIsKnownOnlyThen_MakesASessionThatStartedWithTheOperation()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(Start("t1", ToolCallKindType.ExecCommand, invocation: null));
        bundle.Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = "t1",
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"command":["ls","-l"],"cwd":"/w"}"""),
        });
        bundle.Append(new ToolCallRuntimeEndedEvent
        {
            ToolCallId = "t1",
            Status = ExecutionStatus.Completed,
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"process_id":"7","stdout":"o","stderr":"","exit_code":0,"formatted_output":"o"}"""),
        });

        var graph = bundle.Reduce(strict: true).Graph;

        graph.TerminalOperations["terminal_operation:1"].TerminalId.ShouldBe("7");
        graph.TerminalSessions["7"].ShouldBe(new TerminalSession
        {
            TerminalId = "7",
            ThreadId = TestBundle.Root,
            CreatedByOperationId = "terminal_operation:1",
            OperationIds = IdList.From(["terminal_operation:1"]),
            Execution = new ExecutionWindow { StartedAtUnixMs = 1770000000003, StartedSeq = 4, Status = ExecutionStatus.Running },
        });
    }

    [Fact]
    public void Start_SessionIdAsNumberOrText_IsTheSameSession()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(Start("t1", ToolCallKindType.WriteStdin, Invocation(bundle, """{"session_id":7,"chars":"y"}""")));
        bundle.Append(Start("t2", ToolCallKindType.WriteStdin, Invocation(bundle, """{"session_id":"7"}""")));

        var graph = bundle.Reduce(strict: true).Graph;

        graph.TerminalSessions["7"].OperationIds.ShouldBe(["terminal_operation:1", "terminal_operation:2"]);
        graph.TerminalOperations["terminal_operation:2"].Request.ShouldBe(new WriteStdinRequest { Stdin = "" });
    }

    [Theory]
    [InlineData("""{"session_id":""}""")]
    [InlineData("""{"session_id":null}""")]
    [InlineData("""{"session_id":"7","chars":null}""")]
    [InlineData("""{"session_id":"7","yield_time_ms":"5"}""")]
    [InlineData("[]")]
    public void Start_WriteWithOtherArguments_IsRefused(string arguments)
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(Start("t1", ToolCallKindType.WriteStdin, Invocation(bundle, arguments)));

        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Diagnostic.Line.ShouldBe(3);
    }

    private static PayloadReference Invocation(TestBundle bundle, string arguments) => bundle.Payload(
        PayloadKind.ToolInvocation,
        $$$"""{"tool_name":"write_stdin","payload":{"type":"function","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}""");

    private static ToolCallStartedEvent Start(string toolId, ToolCallKindType kind, PayloadReference? invocation) => new()
    {
        ToolCallId = toolId,
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.Of(kind),
        Summary = new GenericSummary { Label = "terminal" },
        InvocationPayload = invocation,
    };
}
