using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class ContentTests
{
    [Fact]
    public void Texts_of_a_message_are_one_item_and_calls_and_reasoning_stand_between_them_in_order() => Items(
        new(ChatRole.Assistant,
        [
            new TextReasoningContent("thinking") { ProtectedData = "c2Vj" },
            new TextContent("I look."),
            new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["at"] = 1 }),
            new TextContent("Then?"),
        ])).ShouldBe(
        [
            """{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"thinking"}],"encrypted_content":"c2Vj"}""",
            """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]}""",
            """{"type":"function_call","call_id":"c1","name":"look","arguments":"{\n  \"at\": 1\n}"}""",
            """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Then?"}]}""",
        ]);

    [Fact]
    public void A_role_is_the_same_however_a_client_spells_it() =>
        Items(new(new ChatRole("Assistant"), "Hello.")).ShouldBe(["""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}"""]);

    [Fact]
    public void What_waits_for_somebody_to_agree_is_the_call_that_the_model_asked_for()
    {
        var call = new FunctionCallContent("c1", "look");
        Items(new(ChatRole.Assistant, [new TextContent(""), new ToolApprovalRequestContent("r1", call)])).ShouldBe(["""{"type":"function_call","call_id":"c1","name":"look","arguments":"{}"}"""]);
        Items(new(ChatRole.User, [new ToolApprovalResponseContent("r1", approved: true, call)])).ShouldBeEmpty();
    }

    [Fact]
    public void Files_keep_what_they_hold() => Items(
        new(ChatRole.User,
        [
            new DataContent("data:image/png;base64,AQID"),
            new DataContent("data:application/pdf;base64,AQID") { Name = "a.pdf" },
            new UriContent("https://example.org/b.jpg", "image/jpeg"),
            new HostedFileContent("file_1"),
        ])).ShouldBe(
        [
            """{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AQID"},{"type":"input_file","file_data":"data:application/pdf;base64,AQID","filename":"a.pdf","media_type":"application/pdf"},{"type":"input_image","image_url":"https://example.org/b.jpg"},{"type":"input_file","file_id":"file_1"}]}""",
        ]);

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData(7, "\"7\"")]
    [InlineData(null, "\"\"")]
    [InlineData(true, "\"true\"")]
    public void A_result_is_what_the_model_gets(object? result, string output) => Items(new(ChatRole.Tool, [new FunctionResultContent("c1", result)]))
        .ShouldBe([$$"""{"type":"function_call_output","call_id":"c1","output":{{output}}}"""]);

    [Fact]
    public void An_object_without_a_contract_is_its_text() =>
        Items(new(ChatRole.Tool, [new FunctionResultContent("c1", new Unknown())])).Single().ShouldContain("unknown thing");

    [Fact]
    public void Contents_of_kinds_that_are_not_known_are_kept_as_they_are() =>
        Items(new(ChatRole.Assistant, [new HostedVectorStoreContent("v1")])).Single().ShouldContain("\"v1\"");

    [Fact]
    public void What_the_service_carries_out_itself_is_a_call_and_its_output() => Items(
        new(ChatRole.Assistant,
        [
            new WebSearchToolCallContent("w1") { Queries = ["Oslo"] },
            new WebSearchToolResultContent("w1"),
            new CodeInterpreterToolCallContent("c1") { Inputs = [new DataContent("1+1"u8.ToArray(), "text/x-python"), new HostedFileContent("f1")] },
            new CodeInterpreterToolResultContent("c1") { Outputs = [new TextContent("2")] },
            new ImageGenerationToolCallContent("i1"),
            new ImageGenerationToolResultContent("i1") { Outputs = [new DataContent("data:image/png;base64,AQID")] },
        ])).ShouldBe(
        [
            """{"type":"function_call","call_id":"w1","name":"web_search","arguments":"{\n  \"queries\": [\n    \"Oslo\"\n  ]\n}"}""",
            """{"type":"function_call_output","call_id":"w1","output":""}""",
            """{"type":"function_call","call_id":"c1","name":"code_interpreter","arguments":"{\n  \"code\": \"1+1\",\n  \"inputs\": [\n    {\n      \"$type\": \"hostedFile\",\n      \"fileId\": \"f1\"\n    }\n  ]\n}"}""",
            """{"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"2"}]}""",
            """{"type":"function_call","call_id":"i1","name":"image_generation","arguments":"{}"}""",
            """{"type":"function_call_output","call_id":"i1","output":[{"type":"input_image","image_url":"data:image/png;base64,AQID"}]}""",
        ]);

    [Fact]
    public void Half_a_surrogate_pair_costs_a_character() => Items(new(ChatRole.User, "a\ud83d"))
        .ShouldBe(["{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\uFFFD\"}]}"]);

    [Fact]
    public void Options_stand_beside_the_messages_under_the_names_that_readers_know()
    {
        var request = RequestWriter.Write(
            [new(ChatRole.User, "Hi")],
            new()
            {
                Instructions = "Be brief.",
                Temperature = 0.1f,
                TopP = 0.9f,
                MaxOutputTokens = 100,
                Seed = 7,
                StopSequences = ["END"],
                ToolMode = ChatToolMode.RequireSpecific("look"),
                AllowMultipleToolCalls = false,
                AdditionalProperties = new() { ["store"] = true },
            },
            "m",
            "resp_1");

        JsonNode.DeepEquals(JsonNode.Parse(request.ToString()), JsonNode.Parse(
            """
            {"model":"m","previous_response_id":"resp_1","instructions":"Be brief.",
             "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}],
             "tool_choice":{"type":"function","name":"look"},"parallel_tool_calls":false,
             "temperature":0.1,"top_p":0.9,"max_output_tokens":100,"seed":7,"stop":["END"],"additional_properties":{"store":true}}
            """)).ShouldBeTrue(request.ToString());
    }

    private static List<string> Items(ChatMessage message)
    {
        var text = Encoding.UTF8.GetString(AnyJson.Document(json =>
        {
            json.WriteStartArray();
            ItemWriter.Write(json, message);
            json.WriteEndArray();
        }).Span);
        return [.. JsonNode.Parse(text)!.AsArray().Select(item => item!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))];
    }

    private sealed class Unknown
    {
        public Type Type { get; } = typeof(Unknown);

        public override string ToString() => "unknown thing";
    }
}
