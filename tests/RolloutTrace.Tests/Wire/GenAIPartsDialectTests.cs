using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Wire;

public sealed class GenAIPartsDialectTests
{
    private const string Messages =
        """
        [{"role":"system","parts":[{"type":"text","content":"Be brief."}]},
         {"role":"user","parts":[{"type":"text","content":"What is this?"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AA"},{"type":"uri","uri":"https://x"},{"type":"file","file_id":"f"}]},
         {"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"I look."},{"type":"tool_call","id":"call_1","name":"look","arguments":{"at":1}},{"type":"tool_call","name":"now","arguments":null},{"type":"server_tool_call","id":"s1","name":"search","server_tool_call":{"type":"search","query":"q"}},{"type":"server_tool_call_response","id":"s1","server_tool_call_response":{"hits":0}}],"finish_reason":"tool_call"},
         {"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"a tree"},{"type":"tool_call_response","id":"call_9","result":{"n":3}}]},
         {"role":"assistant","parts":[]}]
        """;

    [Fact]
    public void A_request() => Snapshot.Match(DialectPrinter.Request(
        $$$"""{"messages":{{{Messages}}},"system_instructions":[{"type":"text","content":"No jokes."}],"tool_definitions":[{"type":"function","name":"look","description":"Looks","parameters":{}}],"temperature":1}"""));

    [Fact]
    public void A_request_that_is_the_list() => Snapshot.Match(DialectPrinter.Request(Messages));

    [Theory]
    [InlineData("list", """[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]""")]
    [InlineData("messages", """{"id":"r1","messages":[{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}],"usage":{"input_tokens":5,"output_tokens":2}}""")]
    [InlineData("alone", """{"role":"assistant","parts":[{"type":"text","content":"Hi"}]}""")]
    public void A_response(string name, string response) => Snapshot.Match(DialectPrinter.Response(response), part: name);
}
