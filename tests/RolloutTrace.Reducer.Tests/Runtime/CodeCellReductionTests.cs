using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Runtime;

public class CodeCellReductionTests
{
    [Theory]
    [InlineData(ExecutionStatus.Failed, CodeCellRuntimeStatus.Failed, ExecutionStatus.Failed)]
    [InlineData(ExecutionStatus.Cancelled, CodeCellRuntimeStatus.Terminated, ExecutionStatus.Cancelled)]
    [InlineData(ExecutionStatus.Aborted, CodeCellRuntimeStatus.Terminated, ExecutionStatus.Cancelled)]
    public void EndTurn_ThatDidNotComplete_EndsItsRunningCells(ExecutionStatus turn, CodeCellRuntimeStatus runtime, ExecutionStatus execution)
    {
        using var bundle = RunningCell().Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = turn });

        var cell = bundle.Reduce(strict: true).Graph.CodeCells["code_cell:x1"];

        cell.RuntimeStatus.ShouldBe(runtime);
        cell.Execution.Status.ShouldBe(execution);
        cell.Execution.EndedSeq.ShouldBe(5);
        cell.InitialResponseSeq.ShouldBe(5);
    }

    [Fact]
    public void EndTurn_ThatCompleted_LeavesItsCellsRunning()
    {
        using var bundle = RunningCell().Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Completed });

        var cell = bundle.Reduce(strict: true).Graph.CodeCells["code_cell:x1"];

        cell.RuntimeStatus.ShouldBe(CodeCellRuntimeStatus.Starting);
        cell.Execution.EndedSeq.ShouldBeNull();
        cell.InitialResponseSeq.ShouldBeNull();
    }

    [Fact]
    public void LinkWait_CellThatIsStillQueued_IsNotLinkedLaterEither()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(Start()).Append(Wait(bundle, "t1", "{\"cell_id\":\"1\"}")).Request("i1", Source);
        bundle.Append(Wait(bundle, "t2", "{\"cell_id\":\"1\"}")).Append(Wait(bundle, "t3", "{\"cell_id\":\"none\"}"));

        bundle.Reduce(strict: true).Graph.CodeCells["code_cell:x1"].WaitToolCallIds.ShouldBe(["t2"]);
    }

    [Theory]
    [InlineData("{\"cell_id\":1}")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    public void LinkWait_ArgumentsWithoutACell_AreRefused(string arguments)
    {
        using var bundle = RunningCell();
        bundle.Append(Wait(bundle, "t1", arguments));

        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Diagnostic.Line.ShouldBe(5);
    }

    private const string Source = """{"input":[{"type":"custom_tool_call","name":"exec","input":"x()","call_id":"x1"}]}""";

    private static TestBundle RunningCell() => new TestBundle().WithTurn().Request("i1", Source).Append(Start());

    private static CodeCellStartedEvent Start() => new() { RuntimeCellId = "1", ModelVisibleCallId = "x1", SourceJs = "x()" };

    private static ToolCallStartedEvent Wait(TestBundle bundle, string toolId, string arguments) => new()
    {
        ToolCallId = toolId,
        Requester = ToolRequester.Model,
        Kind = ToolCallKind.ForOther("wait"),
        Summary = new GenericSummary { Label = "wait" },
        InvocationPayload = bundle.Payload(
            PayloadKind.ToolInvocation,
            $$$"""{"tool_name":"wait","payload":{"type":"function","arguments":{{{JsonSerializer.Serialize(arguments)}}}}}"""),
    };
}
