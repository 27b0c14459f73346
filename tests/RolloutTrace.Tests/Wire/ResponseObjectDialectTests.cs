using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Wire;

public sealed class ResponseObjectDialectTests
{
    [Fact]
    public void A_request_with_all_that_it_gives() => Snapshot.Match(DialectPrinter.Request(
        """{"model":"gpt-5","instructions":"Be brief.","previous_response_id":"resp_0","input":"Hi","tools":[{"type":"function","name":"look","description":"Looks","parameters":{},"strict":true},{"type":"web_search"},{"type":"mcp","server_label":"docs"}],"temperature":1,"reasoning":{"effort":"low"}}"""));

    [Theory]
    [InlineData("object", """{"id":"resp_1","object":"response","status":"completed","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"s"}]},{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]},{"type":"refusal","refusal":"no"}]}],"usage":{"input_tokens":50,"input_tokens_details":{"cached_tokens":40},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":59}}""")]
    [InlineData("items-alone", """[{"type":"message","role":"assistant","content":[]}]""")]
    [InlineData("nothing-known", """{"result":"?","meta":{"usage":{"input_tokens":5,"output_tokens":1}}}""")]
    [InlineData("text", "\"done\"")]
    public void A_response(string name, string response) => Snapshot.Match(DialectPrinter.Response(response), part: name);

    [Theory]
    [InlineData("whole", """[{"type":"response.created","response":{"id":"resp_1","output":[]}},{"type":"response.output_item.added","output_index":0,"item":{"type":"message","role":"assistant","content":[]}},{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"},{"type":"response.completed","response":{"id":"resp_1","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi!"}]}],"usage":{"input_tokens":5,"output_tokens":2}}}]""")]
    [InlineData("without-output-at-the-end", """[{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}},{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","summary":[{"type":"summary_text","text":"s"}]}},{"type":"response.completed","response":{"id":"resp_1","output":[],"usage":{"input_tokens":5,"output_tokens":2}}}]""")]
    [InlineData("broken-off", """[{"type":"response.created","response":{"id":"resp_1","output":[]}},{"type":"response.output_item.added","output_index":0,"item":{"type":"message","role":"assistant","content":[]}},{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"H"},{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"i"},{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":""}},{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"a\""}]""")]
    public void A_stream_is_what_it_comes_to(string name, string events) => Snapshot.Match(DialectPrinter.Response(events), part: name);
}
