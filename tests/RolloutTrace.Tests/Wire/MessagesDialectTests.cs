using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Wire;

public sealed class MessagesDialectTests
{
    [Fact]
    public void A_request() => Snapshot.Match(DialectPrinter.Request(
        """
        {"model":"claude-sonnet-4-5","max_tokens":1024,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"No jokes."}],
         "thinking":{"type":"enabled","budget_tokens":2000},
         "messages":[
          {"role":"user","content":"Which files?"},
          {"role":"assistant","content":[{"type":"thinking","thinking":"list them","signature":"EqQB"},{"type":"redacted_thinking","data":"Em8="},{"type":"text","text":"I look."},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}},{"type":"tool_use","id":"toolu_2","name":"now","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.txt"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}}]},{"type":"tool_result","tool_use_id":"toolu_2","is_error":true},{"type":"text","text":"and this?"},{"type":"document","source":{"type":"url","url":"https://x"}}]},
          {"role":"assistant","content":[{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"https://x","title":"t"}]},{"type":"text","text":"Found","citations":[]},{"type":"text","text":" it."}]},
          {"role":"assistant","content":""}],
         "tools":[{"name":"ls","description":"Lists","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]}
        """));

    [Theory]
    [InlineData("message", """{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"list them","signature":"x"},{"type":"text","text":"A"},{"type":"text","text":"B"},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}}],"stop_reason":"tool_use","usage":{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"output_tokens":5}}""")]
    [InlineData("no-cache", """{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"A"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5}}""")]
    [InlineData("blocks-in-our-list", """{"response_id":"msg_1","output_items":[{"type":"thinking","thinking":"list them","signature":"x"},{"type":"text","text":"A"},{"type":"text","text":"B"},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}}]}""")]
    [InlineData("message-in-our-list", """{"response_id":"msg_1","output_items":[{"type":"message","role":"assistant","content":[{"type":"text","text":"A"},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}}]}]}""")]
    [InlineData("blocks-alone", """[{"type":"text","text":"A"},{"type":"tool_use","id":"toolu_1","name":"ls","input":{}}]""")]
    public void A_response(string name, string response) => Snapshot.Match(DialectPrinter.Response(response), part: name);

    [Theory]
    [InlineData("whole", """[{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":0,"output_tokens":1}}},{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}},{"type":"ping"},{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"list "}},{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"them"}},{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}},{"type":"content_block_stop","index":0},{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}},{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"A"}},{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"ls","input":{}}},{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"path\":"}},{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":" \".\"}"}},{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"now","input":{}}},{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}},{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":25}},{"type":"message_stop"}]""")]
    [InlineData("broken-off", """[{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":10,"output_tokens":1}}},{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"ls","input":{}}},{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"pa"}}]""")]
    public void A_stream_is_what_it_comes_to(string name, string events) => Snapshot.Match(DialectPrinter.Response(events), part: name);
}
