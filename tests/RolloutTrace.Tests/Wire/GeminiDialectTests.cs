using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Wire;

public sealed class GeminiDialectTests
{
    [Fact]
    public void A_request() => Snapshot.Match(DialectPrinter.Request(
        """
        {"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"No jokes."}]},
         "contents":[
          {"parts":[{"text":"What is this?"},{"inlineData":{"mimeType":"image/png","data":"AA"}},{"fileData":{"fileUri":"gs://x"}}]},
          {"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"CsMB"},{"text":"I look."},{"functionCall":{"name":"look","args":{"at":1}},"thoughtSignature":"CsMC"},{"functionCall":{"id":"fc-2","name":"now"}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"look","response":{"result":"a tree"}}},{"functionResponse":{"id":"fc-2","name":"now","response":{"result":7}}}]},
          {"role":"model","parts":[{"executableCode":{"language":"PYTHON","code":"print(1)"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}]},
          {"role":"function","parts":[{"function_response":{"name":"sum","response":{"n":3}}}]},
          {"role":"model","parts":[]}],
         "generationConfig":{"temperature":0.2,"maxOutputTokens":100},"safetySettings":[],
         "tools":[{"functionDeclarations":[{"name":"look","description":"Looks","parameters":{"type":"OBJECT"}},{"name":"now"}]},{"googleSearch":{}}]}
        """));

    [Theory]
    [InlineData("candidate", """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"},{"functionCall":{"name":"look","args":{"at":1}}}]},"finishReason":"STOP"},{"content":{"role":"model","parts":[{"text":"another"}]}}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":7,"thoughtsTokenCount":20,"toolUsePromptTokenCount":3,"totalTokenCount":130},"modelVersion":"gemini-3","responseId":"r1"}""")]
    [InlineData("stopped", """{"candidates":[{"finishReason":"SAFETY"}],"usageMetadata":{"promptTokenCount":100,"totalTokenCount":100}}""")]
    public void A_response(string name, string response) => Snapshot.Match(DialectPrinter.Response(response), part: name);

    [Fact]
    public void A_stream_is_what_it_comes_to() => Snapshot.Match(DialectPrinter.Response(
        """
        [{"candidates":[{"content":{"role":"model","parts":[{"text":"h","thought":true}]}}],"usageMetadata":{"promptTokenCount":100},"responseId":"r1"},
         {"candidates":[{"content":{"role":"model","parts":[{"text":"m","thought":true,"thoughtSignature":"CsMB"}]}}]},
         {"candidates":[{"content":{"role":"model","parts":[{"text":"He"}]}}]},
         {"candidates":[{"content":{"role":"model","parts":[{"text":"llo"},{"functionCall":{"name":"look","args":{}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":7,"thoughtsTokenCount":2}}]
        """));
}
