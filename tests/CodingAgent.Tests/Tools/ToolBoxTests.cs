using CodingAgent.Agents;
using CodingAgent.Model;
using CodingAgent.Narration;
using OpenAI.Responses;
using RolloutTrace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace CodingAgent.Tests.Tools;

/// <summary>What goes wrong in tools is told to the model, and the rollout stays one that reduces strictly.</summary>
[Collection(Rollouts.Name)]
public sealed class ToolBoxTests : IAsyncLifetime
{
    private readonly DirectoryInfo workspace = Directory.CreateTempSubdirectory("coding-agent-tests-");
    private readonly Recording recording = new();
    private readonly List<ResponseItem> history = [ResponseItem.CreateUserMessageItem("work")];
    private AgentTeam team = null!;
    private Turn turn = null!;
    private string bundle = "";

    public Task InitializeAsync()
    {
        var settings = new AgentSettings { Endpoint = new ModelEndpoint(new Uri("http://127.0.0.1:1/v1"), "none", "nobody"), Workspace = workspace.FullName };
        team = new AgentTeam(settings, [], new Narrator(TextWriter.Null, colours: false));
        bundle = Path.Join(recording.Root, team.Root.Session.BundleName);
        turn = team.Root.Session.StartTurn();
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        recording.Dispose();
        workspace.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("no_such_tool", "{}", "error: There is no tool no_such_tool.")]
    [InlineData("exec_command", "{}", "error: The argument cmd is missing.")]
    [InlineData("exec_command", "cmd: ls", "error: The arguments are no JSON: ")]
    [InlineData("exec_command", """{"cmd":"ls","workdir":"../.."}""", "error: ../.. is outside of the workspace.")]
    [InlineData("wait", """{"cell_id":"9"}""", "error: There is no cell 9.")]
    [InlineData("write_stdin", """{"session_id":9}""", "error: There is no session 9.")]
    [InlineData("wait", """{"cell_id":9}""", "error: The argument cell_id must be a string.")]
    [InlineData("wait", "the cell", "error: The arguments are no JSON: ")]
    [InlineData("write_stdin", """{"chars":"y"}""", "error: The argument session_id is missing.")]
    [InlineData("write_stdin", "[9]", "error: The arguments are no JSON object.")]
    [InlineData("write_stdin", """{"session_id":9""", "error: The arguments are no JSON: ")]
    [InlineData("wait_agent", "{}", "error: No helper is at work.")]
    [InlineData("spawn_agent", """{"task_name":"No Name","message":"x"}""", "error: 'No Name' is no name for an agent")]
    [InlineData("close_agent", """{"target":"nobody"}""", "error: There is no agent nobody.")]
    public async Task A_call_that_cannot_be_carried_out_fails_with_words_for_the_model(string tool, string arguments, string says)
    {
        (await CallAsync(new ToolCallItem("call_1", tool, arguments, IsCustom: false))).ShouldStartWith(says);

        (await StateAsync()).ToolCalls["call_1"].Execution.Status.ShouldBe(ExecutionStatus.Failed);
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_changes_no_file()
    {
        File.WriteAllText(Path.Join(workspace.FullName, "a"), "one\n");
        const string Patch = "*** Begin Patch\n*** Add File: b\n+new\n*** Update File: a\n-two\n+three\n*** End Patch";

        (await CallAsync(new ToolCallItem("call_1", "apply_patch", Patch, IsCustom: true))).ShouldStartWith("error: a does not have these lines");

        Directory.GetFiles(workspace.FullName).Select(Path.GetFileName).ShouldBe(["a"]);
        (await StateAsync()).ToolCalls["call_1"].RawRuntimePayloadIds.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_interrupted_command_is_killed_and_its_call_cancelled()
    {
        using var interruption = new CancellationTokenSource();
        var call = CallAsync(new ToolCallItem("call_1", "exec_command", """{"cmd":"echo $$ > pid; sleep 60"}""", IsCustom: false), interruption.Token);
        var file = Path.Join(workspace.FullName, "pid");
        await Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'));
        await interruption.CancelAsync();

        (await call).ShouldBe("aborted by the user");
        Should.Throw<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(file))));
        var state = await StateAsync();
        state.ToolCalls["call_1"].Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
        state.TerminalOperations.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Failed);
    }

    [Theory]
    [InlineData("text(1 +);", "failed", "CompilationErrorException")]
    [InlineData("""text("one"); throw new System.InvalidOperationException("two");""", "failed", "one\nInvalidOperationException: two")]
    [InlineData("""text((await tools.exec_command(new { cmd = "echo hi" }))["output"]);""", "completed", "hi")]
    [InlineData("""await tools.close_agent(new { target = "nobody" });""", "failed", "ToolException: There is no agent nobody.")]
    public async Task A_cell_ends_with_what_its_code_wrote_and_how_it_ended(string code, string state, string output)
    {
        var answer = await CallAsync(new ToolCallItem("call_1", "exec", code, IsCustom: true));

        answer.ShouldStartWith($"Script {state}\nOutput:\n{output}");
        ItemText.Word((await StateAsync()).CodeCells["code_cell:call_1"].RuntimeStatus).ShouldBe(state);
    }

    [Fact]
    public async Task A_cell_that_takes_long_yields_by_itself_and_ends_when_it_is_waited_for()
    {
        var go = Path.Join(workspace.FullName, "go");
        await CallAsync(new ToolCallItem("call_1", "exec", """text("a"); yield_control(); while (!File.Exists(Path.Join(workspace, "go"))) await Task.Delay(5, cancelled); text("b");""", IsCustom: true));
        var early = await CallAsync(new ToolCallItem("call_2", "wait", """{"cell_id":"1","yield_time_ms":1}""", IsCustom: false));
        File.WriteAllText(go, "");
        var late = await CallAsync(new ToolCallItem("call_3", "wait", """{"cell_id":"1"}""", IsCustom: false));

        early.ShouldBe("Script running with cell ID 1\nOutput:\n");
        late.ShouldBe("Script completed\nOutput:\nb\n");
        (await StateAsync()).CodeCells["code_cell:call_1"].WaitToolCallIds.ShouldBe(["call_2", "call_3"]);
    }

    [Fact]
    public async Task A_terminated_cell_takes_its_commands_with_it()
    {
        await CallAsync(new ToolCallItem("call_1", "exec", """var run = tools.exec_command(new { cmd = "sleep 60" }); yield_control(); await run;""", IsCustom: true));

        (await CallAsync(new ToolCallItem("call_2", "wait", """{"cell_id":"1","terminate":true}""", IsCustom: false))).ShouldStartWith("Script terminated");

        var state = await StateAsync();
        state.CodeCells["code_cell:call_1"].RuntimeStatus.ShouldBe(CodeCellRuntimeStatus.Terminated);
        state.ToolCalls.Values.Single(t => t.Requester is RequestedByCodeCell).Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var until = Environment.TickCount64 + 30_000; !condition();)
        {
            Environment.TickCount64.ShouldBeLessThan(until);
            await Task.Delay(5);
        }
    }

    /// <summary>Lets the model ask for a call, and gives what it gets.</summary>
    private async Task<string> CallAsync(ToolCallItem call, CancellationToken cancellation = default)
    {
        ResponseItem item = call.IsCustom
            ? ResponseItem.CreateCustomToolCallItem(call.CallId, call.Input, call.Name)
            : ResponseItem.CreateFunctionCallItem(call.CallId, call.Name, BinaryData.FromString(call.Input));
        using var request = turn.StartModelRequest(null, JsonPayload.OfJson($$"""{"input":{{System.Text.Encoding.UTF8.GetString(Wire.Json(history))}}}"""));
        request.Complete($"resp_{call.CallId}", null, Wire.Json([item]));
        history.Add(item);
        history.Add(await team.Root.Tools.RunAsync(turn, request, call, cancellation));
        return history[^1] switch
        {
            FunctionCallOutputResponseItem output => output.FunctionOutput,
            CustomToolCallOutputItem output => string.Concat(output.Output.Select(p => p.Text)),
            var other => throw new InvalidOperationException($"an answer of type {other.GetType()}"),
        };
    }

    private async Task<RolloutGraph> StateAsync()
    {
        turn.Complete();
        await team.DisposeAsync();
        recording.Stop();
        return RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }).Graph;
    }
}
