using System.ClientModel;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using RolloutTrace.Analysis;
using static RolloutTrace.Integration.Tests.Wire.WireRecording;

namespace RolloutTrace.Integration.Tests.Wire;

/// <summary>
/// What the providers' own clients give a model beside the messages, and answers in which it refuses: instructions, tools, parameters and
/// tokens are read back from what was on the wire.
/// </summary>
public sealed class GivenByRealClientsTests : IDisposable
{
    private const string Schema = """{"type":"object","properties":{"path":{"type":"string"}}}""";

    private readonly WireRecording recording = new();

    public void Dispose() => recording.Dispose();

    [Fact]
    public async Task Chat_completions_of_the_OpenAI_client()
    {
        const string Refused = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-x","choices":[{"index":0,"finish_reason":"stop","logprobs":null,"message":{"role":"assistant","content":null,"refusal":"I cannot help with that."}}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":2}}}""";
        string[] deltas =
        [
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":"Still "},"finish_reason":null}]}""",
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"refusal":"no."},"finish_reason":"stop"}]}""",
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":3,"total_tokens":33}}""",
        ];
        await using var api = await ScriptedApi.StartAsync(Refused, Events(deltas) + "data: [DONE]\n\n");
        var client = new ChatClient("gpt-x", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = new Uri(api.Address, "v1") });
        var options = new ChatCompletionOptions
        {
            Temperature = 0.5f,
            MaxOutputTokenCount = 100,
            ReasoningEffortLevel = "low",
            ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat(),
        };
        options.StopSequences.Add("END");
        options.Tools.Add(ChatTool.CreateFunctionTool("ls", "Lists files.", BinaryData.FromString(Schema)));
        List<OpenAI.Chat.ChatMessage> messages = [new DeveloperChatMessage("Be brief."), new UserChatMessage("Which files?")];

        (await client.CompleteChatAsync(messages, options)).Value.Refusal.ShouldBe("I cannot help with that.");
        messages.Add(new AssistantChatMessage("I cannot help with that."));
        messages.Add(new UserChatMessage("Please."));
        var refusal = "";
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options))
        {
            refusal += update.RefusalUpdate;
        }

        refusal.ShouldBe("Still no.");
        var rollout = recording.Of((api.Requests[0], Refused), (api.Requests[1], List(deltas)));
        Said(rollout).ShouldBe(["developer: Be brief.", "user: Which files?", "assistant: I cannot help with that.", "user: Please.", "assistant: Still no."]);
        Requests(rollout).Select(Used).ShouldBe([(20, 8, 5, 2), (30, 0, 3, 0)]);
        foreach (var request in Requests(rollout))
        {
            var given = rollout.GivenOf(request).ShouldNotBeNull();
            given.Dialect.ShouldBe("chat_completions");
            given.Instructions.ShouldBeNull();
            ShouldHaveTheTool(given.Tools.ShouldHaveSingleItem());
            Parameters(given).ShouldContain("temperature 0.5");
            Parameters(given).ShouldContain("max_completion_tokens 100");
            Parameters(given).ShouldContain("reasoning_effort \"low\"");
            Parameters(given).ShouldContain("stop [\"END\"]");
            Parameters(given).ShouldContain("response_format {\"type\":\"json_object\"}");
            Parameters(given).ShouldContain("model \"gpt-x\"");
        }
    }

    [Fact]
    public async Task Responses_of_the_OpenAI_client()
    {
        const string First = """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"gpt-x","output":[{"type":"reasoning","id":"rs_1","summary":[]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"ls","arguments":"{\"path\":\".\"}","status":"completed"}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"usage":{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":25}}""";
        const string Message = """{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I cannot help with that."}]}""";
        string[] events =
        [
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_2","object":"response","created_at":1,"status":"in_progress","model":"gpt-x","output":[],"parallel_tool_calls":true,"tool_choice":"auto","tools":[]}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_1","status":"in_progress","role":"assistant","content":[]}}""",
            """{"type":"response.refusal.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"I cannot help with that."}""",
            """{"type":"response.refusal.done","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"refusal":"I cannot help with that."}""",
            $$"""{"type":"response.output_item.done","sequence_number":4,"output_index":0,"item":{{Message}}}""",
            $$$$"""{"type":"response.completed","sequence_number":5,"response":{"id":"resp_2","object":"response","created_at":1,"status":"completed","model":"gpt-x","output":[{{{{Message}}}}],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":0},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":33}}}""",
        ];
        await using var api = await ScriptedApi.StartAsync(First, Events(events));
        var client = new ResponsesClient(new ApiKeyCredential("key"), new ResponsesClientOptions { Endpoint = new Uri(api.Address, "v1") });

        var answer = (await client.CreateResponseAsync(Asked(ResponseItem.CreateUserMessageItem("Which files?")))).Value;
        var goesOn = Asked(ResponseItem.CreateFunctionCallOutputItem("call_1", "a.txt"));
        goesOn.PreviousResponseId = answer.Id;
        goesOn.StreamingEnabled = true;
        var refusal = "";
        await using (var stream = await client.CreateResponseStreamingAsync(goesOn))
        {
            await foreach (var update in stream)
            {
                refusal += (update as StreamingResponseRefusalDeltaUpdate)?.Delta;
            }
        }

        refusal.ShouldBe("I cannot help with that.");
        var rollout = recording.Of((api.Requests[0], First), (api.Requests[1], List(events)));
        Said(rollout).ShouldBe(["user: Which files?", "assistant: ", "assistant: {\"path\":\".\"}", "tool: a.txt", "assistant: I cannot help with that."]);
        Requests(rollout).Select(Used).ShouldBe([(20, 8, 5, 2), (30, 0, 3, 0)]);
        Requests(rollout).Select(request => request.ResponseId).ShouldBe(["resp_1", "resp_2"]);
        Requests(rollout)[1].RequestItemIds.Count.ShouldBe(4);
        foreach (var request in Requests(rollout))
        {
            var given = rollout.GivenOf(request).ShouldNotBeNull();
            given.Dialect.ShouldBe("responses");
            given.Instructions.ShouldBe("Be brief.");
            ShouldHaveTheTool(given.Tools[0]);
            given.Tools[1].Name.ShouldBe("web_search");
            Parameters(given).ShouldContain("temperature 0.5");
            Parameters(given).ShouldContain("max_output_tokens 100");
            Parameters(given).ShouldContain("reasoning {\"effort\":\"low\"}");
            Parameters(given).ShouldContain("model \"gpt-x\"");
        }
    }

    [Fact]
    public async Task Messages_of_the_Anthropic_client()
    {
        const string Refused = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":"refusal","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":6,"output_tokens":5}}""";
        string[] events =
        [
            """{"type":"message_start","message":{"id":"msg_2","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":18,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I begin"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"output_tokens":3}}""",
            """{"type":"message_stop"}""",
        ];
        await using var api = await ScriptedApi.StartAsync(Refused, string.Concat(events.Select(told => $"event: {JsonElement.Parse(told).GetProperty("type").GetString()}\ndata: {told}\n\n")));
        var client = new AnthropicClient { ApiKey = "key", BaseUrl = api.Address.ToString(), MaxRetries = 0 };
        var asked = new MessageCreateParams
        {
            Model = "claude-x",
            MaxTokens = 100,
            System = new List<TextBlockParam> { new() { Text = "Be brief.", CacheControl = new() }, new() { Text = "Be kind." } },
            Tools = [new Tool { Name = "ls", Description = "Lists files.", InputSchema = new() }, new WebSearchTool20250305()],
            Metadata = new() { UserID = "ada" },
            StopSequences = ["END"],
            Messages = [new UserMessageParam("Which files?")],
        };

        (await client.Messages.Create(asked)).StopReason!.Value().ShouldBe(StopReason.Refusal);
        await foreach (var told in client.Messages.CreateStreaming(asked with { Messages = [.. asked.Messages, new UserMessageParam("Please.")] }))
        {
            told.ShouldNotBeNull();
        }

        var rollout = recording.Of((api.Requests[0], Refused), (api.Requests[1], List(events)));
        Said(rollout).ShouldBe(["user: Which files?", "user: Please.", "assistant: I begin"]);
        Requests(rollout).Select(Used).ShouldBe([(20, 6, 5, 0), (30, 18, 3, 0)]);
        foreach (var request in Requests(rollout))
        {
            var given = rollout.GivenOf(request).ShouldNotBeNull();
            given.Dialect.ShouldBe("messages");
            given.Instructions.ShouldBe("Be brief.\nBe kind.");
            given.Tools.Select(tool => tool.Name).ShouldBe(["ls", "web_search"]);
            given.Tools[0].Description.ShouldBe("Lists files.");
            given.Tools[0].Schema.ShouldBe("""{"type":"object"}""");
            Parameters(given).ShouldContain("metadata {\"user_id\":\"ada\"}");
            Parameters(given).ShouldContain("max_tokens 100");
            Parameters(given).ShouldContain("stop_sequences [\"END\"]");
            Parameters(given).ShouldContain("model \"claude-x\"");
        }
    }

    private static CreateResponseOptions Asked(ResponseItem item)
    {
        var options = new CreateResponseOptions
        {
            Model = "gpt-x",
            Instructions = "Be brief.",
            Temperature = 0.5f,
            MaxOutputTokenCount = 100,
            ReasoningOptions = new() { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low },
        };
        options.InputItems.Add(item);
        options.Tools.Add(ResponseTool.CreateFunctionTool("ls", BinaryData.FromString(Schema), strictModeEnabled: false, "Lists files."));
        options.Tools.Add(ResponseTool.CreateWebSearchTool());
        return options;
    }

    private static void ShouldHaveTheTool(GivenTool tool)
    {
        tool.Name.ShouldBe("ls");
        tool.Description.ShouldBe("Lists files.");
        tool.Schema.ShouldBe(Schema);
    }

    private static IReadOnlyList<string> Parameters(RequestGiven given) => [.. given.Parameters.Select(parameter => $"{parameter.Name} {parameter.Value}")];

    private static string List(string[] events) => $"[{string.Join(',', events)}]";

    private static string Events(string[] events) => string.Concat(events.Select(told => $"data: {told}\n\n"));
}
