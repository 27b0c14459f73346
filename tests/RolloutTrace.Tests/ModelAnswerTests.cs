using System.Diagnostics;

namespace RolloutTrace.Tests;

/// <summary>A response that is handed over whole says on the span what it says: who answered, with how many tokens, and why it stopped.</summary>
public sealed class ModelAnswerTests
{
    private const string Call = """{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}""";
    private const string Message = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}""";

    public static TheoryData<string, string> Answers => new()
    {
        { $$$"""{"id":"r","object":"response","model":"m-1","status":"completed","output":[{{{Message}}}],"usage":{"input_tokens":7,"output_tokens":2}}""", "r m-1 stop 7/2" },
        { $$$"""{"id":"r","model":"m-1","output":[{{{Message}}},{{{Call}}}],"usage":{"input_tokens":7,"output_tokens":2}}""", "r m-1 tool_calls 7/2" },
        { $$$"""{"id":"r","model":"m-1","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{{{Call}}}],"usage":{"input_tokens":7,"output_tokens":2}}""", "r m-1 max_output_tokens 7/2" },
        { $$$"""{"id":"r","incomplete_details":null,"output":[{{{Message}}}]}""", "r - stop -" },
        { """{"id":"r","output":[{"type":"web_search_call","id":"w"}]}""", "r - stop -" },
        { """[{"type":"response.created","response":{"id":"r","model":"m-1"}},{"type":"response.completed","response":{"id":"r","model":"m-1","output":[],"usage":{"input_tokens":7,"output_tokens":2}}}]""", "r m-1 stop 7/2" },
        { $"[{Message},{Call}]", "- - tool_calls -" },
        { $"[{Message}]", "- - stop -" },
        { "[]", "- - stop -" },
        { """{"id":"c","model":"m-1","choices":[{"finish_reason":"length","message":{"role":"assistant","content":"a"}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}""", "c m-1 length 7/2" },
        { """{"id":"c","choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"a"}},{"finish_reason":"content_filter","message":{"role":"assistant","content":""}}]}""", "c - stop,content_filter -" },
        { """{"id":"c","choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}""", "c - tool_calls -" },
        { """[{"id":"c","model":"m-1","choices":[{"index":0,"delta":{"content":"a"}}]},{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"length"}]},{"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}]""", "c m-1 length 7/2" },
        { """{"id":"m","type":"message","role":"assistant","model":"m-1","stop_reason":"end_turn","content":[{"type":"text","text":"a"}],"usage":{"input_tokens":7,"output_tokens":2}}""", "m m-1 stop 7/2" },
        { """{"id":"m","type":"message","role":"assistant","model":"m-1","stop_reason":"tool_use","content":[{"type":"tool_use","id":"t","name":"f","input":{}}],"usage":{"input_tokens":7,"cache_read_input_tokens":20,"cache_creation_input_tokens":100,"output_tokens":2}}""", "m m-1 tool_calls 127/2" },
        { """[{"type":"message_start","message":{"id":"m","role":"assistant","model":"m-1","content":[],"usage":{"input_tokens":7,"output_tokens":1}}},{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":2}}]""", "m m-1 length 7/2" },
        { """{"responseId":"g","modelVersion":"m-1","candidates":[{"finishReason":"SAFETY","content":{"role":"model","parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}}""", "g m-1 content_filter 7/2" },
        { """{"responseId":"g","candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]}}]}""", "g - tool_calls -" },
        { """[{"responseId":"g","modelVersion":"m-1","candidates":[{"content":{"role":"model","parts":[{"text":"a"}]}}]},{"candidates":[{"finishReason":"MAX_TOKENS","content":{"role":"model","parts":[{"text":"b"}]}}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2}}]""", "g m-1 length 7/2" },
        { "{not json", "- - - -" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_whole_response_says_it_itself(string response, string expected)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("m", JsonPayload.OfJson("{}")).Complete(null, null, JsonPayload.OfJson(response));
        turn.Complete();

        Print(traced.Span("chat m")).ShouldBe(expected);
        Tokens(traced.Span("invoke_agent root")).ShouldBe(Tokens(traced.Span("chat m")));
    }

    [Fact]
    public void What_the_caller_says_counts_for_more()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("m", JsonPayload.OfJson("{}")).Complete(
            "given", new TokenUsage(1, 1), JsonPayload.OfJson($$$"""{"id":"r","model":"m-1","output":[{{{Call}}}],"usage":{"input_tokens":7,"output_tokens":2}}"""), new() { ResponseModel = "m-2", FinishReasons = ["length"] });

        Print(traced.Span("chat m")).ShouldBe("given m-2 length 1/1");
    }

    [Fact]
    public void Nothing_is_concluded_from_part_of_a_response()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("broke", JsonPayload.OfJson("{}")).Fail("reset", null, JsonPayload.OfJson($"[{Message}]"));
        turn.StartModelRequest("said", JsonPayload.OfJson("{}")).Cancel("enough", JsonPayload.OfJson("""{"id":"m","role":"assistant","type":"message","stop_reason":"max_tokens","content":[],"usage":{"input_tokens":7,"output_tokens":2}}"""));

        Print(traced.Span("chat broke")).ShouldBe("- - - -");
        Print(traced.Span("chat said")).ShouldBe("m - length 7/2");
    }

    [Fact]
    public void A_request_without_an_answer_stopped_all_the_same()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("m", JsonPayload.OfJson("{}")).Complete("r", null, default);

        Print(traced.Span("chat m")).ShouldBe("r - stop -");
    }

    private static string Print(Activity span) =>
        $"{span.GetTagItem(RolloutAttributes.GenAI.ResponseId) ?? "-"} {span.GetTagItem(RolloutAttributes.GenAI.ResponseModel) ?? "-"} "
        + $"{(span.GetTagItem(RolloutAttributes.GenAI.ResponseFinishReasons) is string[] reasons ? string.Join(',', reasons) : "-")} {Tokens(span)}";

    private static string Tokens(Activity span) => span.GetTagItem(RolloutAttributes.GenAI.UsageInputTokens) is { } input ? $"{input}/{span.GetTagItem(RolloutAttributes.GenAI.UsageOutputTokens)}" : "-";
}
