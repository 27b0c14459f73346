using System.Text.Json;
using RolloutTrace.TestSupport;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

public sealed class ChatCompletionsDialectTests
{
    [Fact]
    public void A_request() => Snapshot.Match(DialectPrinter.Request(
        """
        {"model":"gpt-4o","temperature":0.2,"reasoning_effort":"low","messages":[
          {"role":"system","content":"Be brief."},
          {"role":"developer","content":[{"type":"text","text":"No jokes."}]},
          {"role":"user","name":"ada","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},{"type":"file","file":{"file_id":"f"}}]},
          {"role":"assistant","content":"","reasoning_content":"I look it up","tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}},
            {"id":"call_2","type":"function","function":{"name":"look","arguments":{"at":2}}},
            {"id":"call_3","type":"custom","custom":{"name":"run","input":"ls"}},
            {"id":"call_4","type":"function","function":{"name":"now","arguments":""}}]},
          {"role":"tool","tool_call_id":"call_1","content":"a tree"},
          {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"a"},{"type":"text","text":"house"}]},
          {"role":"tool","tool_call_id":"call_4","content":""},
          {"role":"assistant","content":null,"function_call":{"name":"sum","arguments":"{}"}},
          {"role":"function","name":"sum","content":"3"},
          {"role":"assistant","content":null,"refusal":"I cannot."},
          {"role":"assistant","content":[{"type":"text","text":"so"},{"type":"refusal","refusal":"no"}]},
          {"role":"assistant","audio":{"id":"audio_1"}},
          {"role":"assistant","content":null},
          {"role":"ipython","content":"?"}],
         "tools":[{"type":"function","function":{"name":"look","description":"Looks","parameters":{"type":"object"}}},{"type":"custom","custom":{"name":"run","format":{"type":"text"}}}],
         "functions":[{"name":"sum","parameters":{}}]}
        """));

    [Theory]
    [InlineData("message", """{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"annotations":[]},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"Hello"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":2}}}""")]
    [InlineData("alone", """{"role":"assistant","content":"Hi","tool_calls":[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{}"}}]}""")]
    [InlineData("list", """[{"role":"assistant","content":"Hi"}]""")]
    [InlineData("no-choice", """{"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":0}}""")]
    [InlineData("in-our-list", """{"response_id":"r","output_items":[{"role":"assistant","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"look","arguments":"{}"}}]}]}""")]
    [InlineData("in-our-object", """{"response_id":"r","token_usage":null,"output_items":{"id":"chatcmpl-1","choices":[{"message":{"role":"assistant","content":"Hi"}}],"usage":{"prompt_tokens":10,"completion_tokens":5}}}""")]
    public void A_response(string name, string response) => Snapshot.Match(DialectPrinter.Response(response), part: name);

    [Theory]
    [InlineData("calls", """[{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null}}]},{"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"He"}},{"index":1,"delta":{"content":"other"}}]},{"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"llo \ud83d\ude00"}}]},{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":""}}]}}]},{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"at\""}}]}}]},{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}},{"index":0,"function":{"arguments":":1}"}}]}}]},{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]},{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}]""")]
    [InlineData("as-sent", """[{"event":"message","data":{"id":"chatcmpl-1","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"hm"}}]}},{"data":{"choices":[{"index":0,"delta":{"function_call":{"name":"sum","arguments":"{"}}}]}},{"data":{"choices":[{"index":0,"delta":{"function_call":{"arguments":"}"}}}]}},{"data":"[DONE]"}]""")]
    [InlineData("half-a-pair", """[{"choices":[{"index":0,"delta":{"content":"half \ud83d"}}]}]""")]
    public void A_stream_is_what_it_comes_to(string name, string events) => Snapshot.Match(DialectPrinter.Response(events), part: name);

    [Theory]
    [InlineData("""{"role":"user","content":"x"}""", true)]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[]}""", true)]
    [InlineData("""{"role":"user"}""", false)]
    [InlineData("""{"role":"user","type":"message","content":"x"}""", false)]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}""", false)]
    [InlineData("""{"role":"user","parts":[]}""", false)]
    [InlineData("7", false)]
    public void A_message_is_known_by_its_shape(string entry, bool expected) => Dialects.ChatCompletions.Knows(JsonElement.Parse(entry)).ShouldBe(expected);
}
