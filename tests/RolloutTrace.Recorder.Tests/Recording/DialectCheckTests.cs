using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Tests.Recording;

public sealed class DialectCheckTests
{
    [Theory]
    [InlineData("""{"model":"m","instructions":"i","input":"hello"}""")]
    [InlineData("""{"model":"m","tools":[{"input":1}],"messages":[]}""")]
    [InlineData("""{"system":"s","max_tokens":1,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}""")]
    [InlineData("""{"gen_ai.input.messages":[],"messages":[{"role":"user","parts":[{"type":"text","content":"hello"}]}]}""")]
    [InlineData("""{"previous_response_id":"r","input":[]}""")]
    [InlineData("[]")]
    [InlineData("""[{"role":"user","content":"hello"}]""")]
    [InlineData("""[{"type":"message","role":"user","content":[]}]""")]
    public void Requests_of_known_APIs_are_known(string request) => IsKnown(PayloadKind.InferenceRequest, request).ShouldBeTrue();

    [Theory]
    [InlineData("""{"prompt":"hello"}""")]
    [InlineData("""{"model":"m","options":{"messages":[],"input":"nested"}}""")]
    [InlineData("{}")]
    [InlineData("\"hello\"")]
    [InlineData("7")]
    [InlineData("""[{"text":"hello"}]""")]
    public void Requests_of_others_are_not(string request)
    {
        IsKnown(PayloadKind.InferenceRequest, request).ShouldBeFalse();
        IsKnown(PayloadKind.CompactionRequest, request).ShouldBeFalse();
        IsKnown(PayloadKind.ProtocolEvent, request).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hello"}]}]""")]
    [InlineData("""{"id":"r","object":"response","output":[]}""")]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":"hello"}}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"text","text":"hello"}]}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"hello"}]}}]}""")]
    [InlineData("""[{"choices":[{"index":0,"delta":{"content":"hello"}}],"object":"chat.completion.chunk"}]""")]
    [InlineData("""[{"type":"text","text":"hello"}]""")]
    public void Responses_of_known_APIs_are_known(string output) => IsKnown(PayloadKind.InferenceResponse, Around(output)).ShouldBeTrue();

    [Theory]
    [InlineData("""{"completion":"hello"}""")]
    [InlineData("""{"result":{"choices":[]}}""")]
    [InlineData("""[{"completion":"hello"}]""")]
    public void Responses_of_others_are_not(string output) => IsKnown(PayloadKind.InferenceResponse, Around(output)).ShouldBeFalse();

    private static string Around(string output) => $$"""{"response_id":"resp_1","token_usage":{"input_tokens":1},"output_items":{{output}}}""";

    private static bool IsKnown(PayloadKind kind, string document) => DialectCheck.IsKnown(kind, Encoding.UTF8.GetBytes(document));
}
