using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Apis;

public sealed class OtherApisTests
{
    [Fact]
    public void A_request_and_a_response_in_no_known_dialect_are_kept_with_their_tokens()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}]}""")
            .Respond("i1", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"two"}]}]}""", "r1")
            .Request("i2", """{"prompt":"three"}""")
            .Respond("i2", """{"completion":"four","usage":{"input_tokens":7,"output_tokens":2}}""", "r2")
            .Request("i3", """{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"one"}]}]}""");

        Printed.Of(bundle.Reduce()).ShouldBe(
            """
            i1 Completed [1] -> [2] starts [] no tokens
            i2 Completed [] -> [] starts [] in 7 (cached 0, written 0) out 2 (reasoning 0)
            i3 Running [1] -> [] starts [] no tokens
            1 User Message: one
            2 Assistant Message: two
            Warning unknown_dialect, seq 5: the request in payload raw_payload:3 has no list 'input'; nor is it in another dialect that is known, so what it showed to the model is not known
            Warning unknown_dialect, seq 6: the response in payload raw_payload:4 has no list 'output_items'; nor is it in another dialect that is known; the response is kept without its items

            """.ReplaceLineEndings("\n"));
        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true)).Message.ShouldContain("the request in payload raw_payload:3 has no list 'input'");
    }

    [Theory]
    [InlineData("""{"input":"hi"}""")]
    [InlineData("""{"input":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]""")]
    public void A_short_form_is_refused_by_strict_reduction_alone(string request)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", request);

        Printed.Of(bundle.Reduce()).ShouldBe("i1 Running [1] -> [] starts [] no tokens\n1 User Message: hi\n");
        Should.Throw<ReductionException>(() => bundle.Reduce(strict: true));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"ho"}]}]}""", "ho")]
    [InlineData("""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"ho"}]}],"messages":[{"role":"user","content":"hi"}]}""", "ho")]
    [InlineData("""{"contents":[{"parts":[{"text":"ha"}]}],"messages":[{"role":"user","content":"hi"}]}""", "hi")]
    [InlineData(""" [ {"role":"user","parts":[{"type":"text","content":"hi"}]} ] """, "hi")]
    [InlineData("""{"messages":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]}""", "hi")]
    public void Of_two_lists_the_default_dialects_counts_and_else_the_last(string request, string text)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", request);

        Printed.Of(bundle.Reduce()).ShouldBe($"i1 Running [1] -> [] starts [] no tokens\n1 User Message: {text}\n");
        Printed.Of(bundle.Reduce(strict: true)).ShouldBe(Printed.Of(bundle.Reduce()));
    }

    [Theory]
    [InlineData("""[{"role":"user","parts":[]}] 7""")]
    [InlineData("""[{"role":"user","parts":[]}""")]
    public void A_list_that_is_the_whole_request_ends_with_it(string request)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", request);

        bundle.Reduce().Diagnostics.ShouldHaveSingleItem().Code.ShouldBe(DiagnosticCodes.UnusablePayload);
    }

    [Fact]
    public void A_stream_is_the_response_that_it_comes_to_and_what_is_sent_back_is_the_same()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"model":"c","system":"s","messages":[{"role":"user","content":"Which files?"}]}""")
            .Respond("i1", """[{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}},{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}},{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I look."}},{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"ls","input":{}}},{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"path\": \".\"}"}},{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":25}}]""", "msg_1")
            .Request("i2", """{"model":"c","system":"s","messages":[{"role":"user","content":"Which files?"},{"role":"assistant","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"a.txt"},{"type":"text","text":"Well?"}]}]}""")
            .Respond("i2", """{"response_id":"x","output_items":[{"id":"chatcmpl","choices":[{"index":0,"delta":{"role":"assistant","content":"One"}}]},{"choices":[{"index":0,"delta":{"content":" file."}}]},{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}]}""", "x");

        var expected =
            """
            i1 Completed [1] -> [2 3] starts [] in 15 (cached 5, written 0) out 25 (reasoning 0)
            i2 Completed [1 2 3 4 5] -> [6] starts [] in 9 (cached 0, written 0) out 3 (reasoning 0)
            1 User Message: Which files?
            2 Assistant Message: I look.
            3 Assistant FunctionCall toolu_1: json {"path":"."}
            4 Tool FunctionCallOutput toolu_1: a.txt
            5 User Message: Well?
            6 Assistant Message: One file.

            """.ReplaceLineEndings("\n");
        Printed.Of(bundle.Reduce()).ShouldBe(expected);
        Printed.Of(bundle.Reduce(strict: true)).ShouldBe(expected);
    }

    [Fact]
    public void Half_a_character_in_a_stream_costs_that_character_and_is_told_once()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"messages":[{"role":"user","content":"hi"}]}""")
            .Respond("i1", """[{"choices":[{"index":0,"delta":{"content":"so \ud83d"}}]},{"choices":[{"index":0,"delta":{"content":" it is \ud83d"}}]}]""");

        Printed.Of(bundle.Reduce()).ShouldBe(
            """
            i1 Completed [1] -> [2] starts [] no tokens
            1 User Message: hi
            2 Assistant Message: so � it is �
            Warning text_mended, seq 4: payload raw_payload:2 holds text with half a surrogate pair; U+FFFD stands in the place of each

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Calls_without_ids_belong_to_results_of_their_name_in_order_and_keep_their_ids_when_the_history_is_cut()
    {
        const string Call = """{"functionCall":{"name":"f","args":{}}}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"contents":[{"parts":[{"text":"go"}]}]}""")
            .Respond("i1", $$$"""{"candidates":[{"content":{"parts":[{{{Call}}},{{{Call}}}]}}]}""")
            .Request("i2", $$$"""{"contents":[{"parts":[{"text":"go"}]},{"role":"model","parts":[{{{Call}}},{{{Call}}}]},{"parts":[{{{Result(1)}}},{{{Result(2)}}}]}]}""")
            .Respond("i2", $$$"""{"candidates":[{"content":{"parts":[{{{Call}}}]}}]}""")
            .Request("i3", $$$"""{"contents":[{"parts":[{"text":"go"}]},{"role":"model","parts":[{{{Call}}},{{{Call}}}]},{"parts":[{{{Result(1)}}},{{{Result(2)}}}]},{"role":"model","parts":[{{{Call}}}]},{"parts":[{{{Result(3)}}}]}]}""")
            .Request("i4", $$$"""{"contents":[{"parts":[{"text":"go"}]},{"role":"model","parts":[{{{Call}}}]},{"parts":[{{{Result(3)}}}]}]}""");

        var told = Printed.Of(bundle.Reduce());

        told.ShouldStartWith(
            """
            i1 Completed [1] -> [2 3] starts [] no tokens
            i2 Completed [1 2 3 4 5] -> [6] starts [] no tokens
            i3 Running [1 2 3 4 5 6 7] -> [] starts [] no tokens

            """.ReplaceLineEndings("\n"));
        told.ShouldContain(
            """
            2 Assistant FunctionCall f:1: json {}
            3 Assistant FunctionCall f:2: json {}
            4 Tool FunctionCallOutput f:1: json {"n":1}
            5 Tool FunctionCallOutput f:2: json {"n":2}
            6 Assistant FunctionCall f:3: json {}
            7 Tool FunctionCallOutput f:3: json {"n":3}
            """.ReplaceLineEndings("\n"));

        static string Result(int n) => """{"functionResponse":{"name":"f","response":{"n":N}}}""".Replace("N}", $"{n}}}", StringComparison.Ordinal);
    }
}
