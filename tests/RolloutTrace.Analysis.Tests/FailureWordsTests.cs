using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>Whatever failed says why, in the outline, in explanations, to who searches, and in exports with content.</summary>
public sealed class FailureWordsTests
{
    private const string User = """{"type":"message","role":"user","content":"go"}""";

    [Fact]
    public void A_request_says_what_the_provider_said()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{User}}]}""");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "429 overloaded,\ntry later" });

        Says(bundle, OutlineKind.Request, "i1", "429 overloaded, try later", description: "429 overloaded,\ntry later");
    }

    [Fact]
    public void A_request_that_was_given_up_says_why_and_is_no_error_of_its_span()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{User}}]}""");
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "the user pressed escape" });

        Says(bundle, OutlineKind.Request, "i1", "the user pressed escape", description: null);
    }

    [Fact]
    public void A_compactions_request_says_what_the_provider_said()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Append(new CompactionRequestStartedEvent
        {
            CompactionId = "k",
            CompactionRequestId = "k1",
            ThreadId = TestBundle.Root,
            CodexTurnId = TestBundle.Turn,
            Model = "m",
            ProviderName = "p",
            RequestPayload = bundle.Payload(PayloadKind.CompactionRequest, """{"input":[]}"""),
        });
        bundle.Append(new CompactionRequestFailedEvent { CompactionId = "k", CompactionRequestId = "k1", Error = "context too long" });

        Says(bundle, OutlineKind.CompactionRequest, "k1", "context too long", description: "context too long");
    }

    [Theory]
    [InlineData("""{"type":"error","error":"no such tool"}""", "no such tool")]
    [InlineData("""{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"c1","output":"it broke"}}""", "it broke")]
    [InlineData("""{"type":"error","error":"[{\"type\":\"text\",\"text\":\"no such city\"}]"}""", "no such city")]
    [InlineData("""{"type":"direct_response","response_item":{"type":"function_call_output","call_id":"c1","output":"{\"content\":[{\"type\":\"text\",\"text\":\"no such city\"}],\"isError\":true,\"_meta\":{}}"}}""", "no such city")]
    [InlineData("""{"type":"error","error":"{\"content\":[{\"type\":\"text\",\"text\":\"sunny\"}]}"}""", """{"content":[{"type":"text","text":"sunny"}]}""")]
    [InlineData("""{"type":"error","error":"[1, \"text\"]"}""", """[1, "text"]""")]
    [InlineData("""{"type":"code_mode_response","value":{"error":"it broke"}}""", "it broke")]
    [InlineData("""{"type":"code_mode_response","value":"it broke"}""", "it broke")]
    public void A_tool_says_what_its_caller_got(string result, string words)
    {
        using var bundle = new TestBundle().WithTurn();
        Start(bundle, ToolCallKind.ForOther("f"));
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Failed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, result) });

        Says(bundle, OutlineKind.ToolCall, "t1", words, description: words);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Failed)]
    public void A_tool_whose_command_failed_says_so_with_the_last_lines_of_its_errors(ExecutionStatus tool)
    {
        using var bundle = Command("1\\n2\\n3\\nerror CS1002\\n\\n", "much output", exitCode: 2);
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = tool });

        Says(bundle, OutlineKind.ToolCall, "t1", "exit code 2: 2 3 error CS1002", description: "exit code 2: 2\n3\nerror CS1002");
        Nodes(bundle).Single(node => node.Kind == OutlineKind.TerminalOperation).Error.ShouldBe("exit code 2: 2 3 error CS1002");
        Nodes(bundle).Single(node => node.Kind == OutlineKind.ToolCall).IsFailure.ShouldBeTrue();
    }

    [Fact]
    public void A_command_without_errors_says_the_last_lines_of_its_output()
    {
        using var bundle = Command("", "1 test failed", exitCode: 1);
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });

        Says(bundle, OutlineKind.ToolCall, "t1", "exit code 1: 1 test failed", description: "exit code 1: 1 test failed");
    }

    [Theory]
    [InlineData("exec_command", "Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 128\nOriginal token count: 9\nOutput:\nfatal: no repository", "exit code 128: fatal: no repository")]
    [InlineData("exec_command", "Exit code: 1\r\nWall time: 0.1 seconds\r\nOutput:\r\nExit code: 0\r\nOutput:\r\nlast", "exit code 1: Exit code: 0 Output: last")]
    [InlineData("write_stdin", "Process exited with code -1\nOutput:\n", "exit code -1")]
    [InlineData("exec_command", "{\"output\":\"no such test\",\"metadata\":{\"exit_code\":4,\"duration_seconds\":0.1}}", "exit code 4: no such test")]
    [InlineData("exec_command", "Chunk ID: 1\nProcess exited with code 0\nOutput:\nProcess exited with code 1\nOutput:\n", null)]
    [InlineData("exec_command", "Chunk ID: 1\nProcess running with session ID 7\nOutput:\nProcess exited with code 1\nOutput:\n", null)]
    [InlineData("exec_command", "Exit code: 1\nno more", null)]
    [InlineData("exec_command", "{\"metadata\":{\"exit_code\":4}}", null)]
    [InlineData("exec_command", "{\"output\":\"cut", null)]
    [InlineData("read_file", "Exit code: 1\nOutput:\nof a log", null)]
    public void A_command_of_which_the_model_was_told_how_it_ended_says_so(string tool, string output, string? words)
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{User}}]}""")
            .Respond("i1", """{"output_items":[{"type":"function_call","call_id":"t1","name":"f","arguments":"{}"}]}""");
        Start(bundle, tool switch
        {
            "exec_command" => ToolCallKind.Of(ToolCallKindType.ExecCommand),
            "write_stdin" => ToolCallKind.Of(ToolCallKindType.WriteStdin),
            _ => ToolCallKind.ForOther(tool),
        });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });
        bundle.Request("i2", $$"""{"input":[{{User}},{"type":"function_call","call_id":"t1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"t1","output":{{JsonSerializer.Serialize(output)}}}]}""")
            .Respond("i2", """{"output_items":[]}""");

        Nodes(bundle).Single(node => node.Kind == OutlineKind.ToolCall).Error.ShouldBe(words);
    }

    [Fact]
    public void A_server_of_tools_says_its_error()
    {
        using var bundle = new TestBundle().WithTurn();
        Start(bundle, ToolCallKind.ForOther("f"));
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "t1", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"call_id":"c1","invocation":{"server":"s","tool":"t"}}""") });
        bundle.Append(new ToolCallRuntimeEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Failed, RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"call_id":"c1","invocation":{"server":"s","tool":"t"},"result":{"Err":"server is down"}}""") });
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });

        Says(bundle, OutlineKind.ToolCall, "t1", "server is down", description: "server is down");
    }

    [Fact]
    public void What_did_well_says_nothing()
    {
        using var bundle = Command("warning: deprecated", "fine", exitCode: 0);
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, """{"type":"code_mode_response","value":"fine"}""") });
        bundle.Request("i1", $$"""{"input":[{{User}}]}""").Respond("i1", """{"output_items":[]}""");

        Nodes(bundle).ShouldAllBe(node => node.Error == null);
    }

    [Fact]
    public void Without_content_a_span_has_no_words()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{User}}]}""");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "secret" });

        var spans = RolloutSpans.Of(OpenRollout.Open(bundle.Open()));

        spans.ShouldAllBe(span => span.StatusDescription == null);
        spans.ShouldContain(span => span.IsError);
    }

    [Fact]
    public void Requests_that_failed_in_a_row_say_why_in_their_finding()
    {
        using var bundle = new TestBundle().WithTurn();
        foreach (var (i, error) in new[] { "overloaded", "overloaded", "rate limit" }.Index())
        {
            bundle.Request($"i{i}", $$"""{"input":[{{User}}]}""");
            bundle.Append(new InferenceFailedEvent { InferenceCallId = $"i{i}", Error = error });
        }

        RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).Single(anomaly => anomaly.Code == AnomalyCodes.RetryStorm).Message
            .ShouldBe("3 requests in a row gave nothing, from i0 to i2: overloaded; rate limit");
    }

    [Fact]
    public void What_failed_is_a_finding_with_its_words_once_for_one_reason()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{User}}]}""");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "500" });
        bundle.Request("i2", $$"""{"input":[{{User}}]}""").Respond("i2", """{"output_items":[]}""");
        foreach (var id in (string[])["t1", "t2", "t3"])
        {
            Start(bundle, ToolCallKind.ForOther("f"), id);
            bundle.Append(new ToolCallEndedEvent { ToolCallId = id, Status = ExecutionStatus.Failed, ResultPayload = bundle.Payload(PayloadKind.ToolResult, $$"""{"type":"error","error":"{{(id == "t3" ? "no such file" : "no such tool")}}"}""") });
        }

        RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).Where(anomaly => anomaly.Code is AnomalyCodes.RequestFailed or AnomalyCodes.CallFailed).Select(anomaly => (anomaly.Subject, anomaly.Message)).ShouldBe([
            ("i1", "request i1 failed: 500"),
            ("t1", "2 times a call of f failed, from t1 to t2: no such tool"),
            ("t3", "call of f t3 failed: no such file")]);
    }

    [Fact]
    public void A_command_that_failed_is_a_finding_and_is_found_by_its_exit_code()
    {
        using var bundle = Command("fatal: not a repository", "", exitCode: 128);
        bundle.Append(new ToolCallEndedEvent { ToolCallId = "t1", Status = ExecutionStatus.Completed });
        var rollout = OpenRollout.Open(bundle.Open());

        RolloutAnomalies.Find(rollout).Single(anomaly => anomaly.Code == AnomalyCodes.CallFailed).Message.ShouldBe("call of exec_command t1 failed: exit code 128: fatal: not a repository");
        RolloutSearch.Find(rollout, new Regex("exit code 128", RegexOptions.None, TimeSpan.FromSeconds(5))).ShouldContain(hit => hit.Id == "t1" && hit.Part == "error");
        var subject = Explanation.Of(rollout, "t1").Single().Steps.Single(step => step.Role == ExplanationRole.Subject).Text;
        subject.ShouldEndWith(", but failed: exit code 128: fatal: not a repository", Case.Sensitive, "that it completed is not why");
    }

    [Fact]
    public void A_turn_that_failed_says_what_its_last_request_said()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", $$"""{"input":[{{User}}]}""");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "401 wrong key" });
        bundle.Append(new CodexTurnEndedEvent { CodexTurnId = TestBundle.Turn, Status = ExecutionStatus.Failed });

        Explanation.Of(OpenRollout.Open(bundle.Open()), TestBundle.Turn).Single().Steps.Single(step => step.Role == ExplanationRole.Subject).Text.ShouldEndWith(", why: 401 wrong key");
    }

    private static void Says(TestBundle bundle, OutlineKind kind, string id, string words, string? description)
    {
        var rollout = OpenRollout.Open(bundle.Open());

        Nodes(bundle).Single(node => node.Kind == kind && node.Id == id).Error.ShouldBe(words);
        Explanation.Of(rollout, id).Single().Steps.Single(step => step.Role == ExplanationRole.Subject).Text.ShouldContain(words);
        RolloutSearch.Find(rollout, new Regex(Regex.Escape(words.Split(' ')[^1]), RegexOptions.None, TimeSpan.FromSeconds(5))).ShouldContain(hit => hit.Id == id);
        RolloutSpans.Of(rollout, new RolloutSpanOptions { WithContent = true })
            .Where(span => !span.Name.StartsWith("invoke_agent", StringComparison.Ordinal) && span.StatusDescription is not null)
            .Select(span => span.StatusDescription)
            .Distinct()
            .ShouldBe(description is null ? [] : [description]);
    }

    private static List<OutlineNode> Nodes(TestBundle bundle) => [.. Flatten(RolloutOutline.Of(OpenRollout.Open(bundle.Open())))];

    private static IEnumerable<OutlineNode> Flatten(IEnumerable<OutlineNode> nodes) => nodes.SelectMany(node => Flatten(node.Children).Prepend(node));

    private static TestBundle Command(string stderr, string stdout, int exitCode)
    {
        var bundle = new TestBundle().WithTurn();
        Start(bundle, ToolCallKind.Of(ToolCallKindType.ExecCommand));
        bundle.Append(new ToolCallRuntimeStartedEvent { ToolCallId = "t1", RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, """{"process_id":"42","command":["make"],"cwd":"/"}""") });
        bundle.Append(new ToolCallRuntimeEndedEvent
        {
            ToolCallId = "t1",
            Status = exitCode == 0 ? ExecutionStatus.Completed : ExecutionStatus.Failed,
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, $$"""{"process_id":"42","command":["make"],"cwd":"/","stdout":"{{stdout}}","stderr":"{{stderr}}","exit_code":{{exitCode}},"formatted_output":"","aggregated_output":""}"""),
        });
        return bundle;
    }

    private static void Start(TestBundle bundle, ToolCallKind kind, string id = "t1") => bundle.Append(new ToolCallStartedEvent
    {
        ToolCallId = id,
        ModelVisibleCallId = id,
        Requester = ToolRequester.Model,
        Kind = kind,
        Summary = new GenericSummary { Label = "f" },
    });
}
