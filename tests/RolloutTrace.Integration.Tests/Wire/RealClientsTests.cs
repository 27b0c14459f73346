using System.ClientModel;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Recorder;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests.Wire;

/// <summary>What the providers' own clients send, and the answers that they parse, is recorded as it is on the wire and read back whole.</summary>
public sealed class RealClientsTests : IDisposable
{
    private readonly string root = Path.Join(Path.GetTempPath(), $"rollout-trace-wire-{Guid.NewGuid():N}");
    private readonly string threadId = Guid.CreateVersion7().ToString();

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Chat_completions_of_the_OpenAI_client_with_a_stream()
    {
        const string First = """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-x","choices":[{"index":0,"finish_reason":"tool_calls","logprobs":null,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"ls","arguments":"{\"path\":\".\"}"}}]}}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":2}}}""";
        string[] deltas =
        [
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":"One "},"finish_reason":null}]}""",
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{"content":"file."},"finish_reason":"stop"}]}""",
            """{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":3,"total_tokens":33}}""",
        ];
        await using var api = await ScriptedApi.StartAsync(First, string.Concat(deltas.Select(delta => $"data: {delta}\n\n")) + "data: [DONE]\n\n");
        var client = new ChatClient("gpt-x", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = new Uri(api.Address, "v1") });
        var options = new ChatCompletionOptions { Temperature = 0.5f };
        options.Tools.Add(ChatTool.CreateFunctionTool("ls", "Lists files.", BinaryData.FromString("""{"type":"object","properties":{"path":{"type":"string"}}}""")));
        List<ChatMessage> messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Which files?")];

        var answer = (await client.CompleteChatAsync(messages, options)).Value;
        messages.Add(new AssistantChatMessage(answer));
        messages.Add(new ToolChatMessage(answer.ToolCalls[0].Id, "a.txt"));
        var streamed = "";
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options))
        {
            streamed += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        streamed.ShouldBe("One file.");
        var graph = Record(api.Requests, First, $"[{string.Join(',', deltas)}]", "ls", "call_1");
        Said(graph).ShouldBe([
            "system: Be brief.", "user: Which files?", "assistant call_1: {\"path\":\".\"}", "tool call_1: a.txt", "assistant: One file."]);
        Uses(graph).ShouldBe([(20, 8, 5, 2), (30, 0, 3, 0)]);
        ShouldBeLinked(graph);
    }

    [Fact]
    public async Task Messages_of_the_Anthropic_client_with_a_stream()
    {
        const string First = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"path":"."}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":4,"cache_read_input_tokens":6,"output_tokens":5}}""";
        string[] events =
        [
            """{"type":"message_start","message":{"id":"msg_2","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":18,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One "}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"file."}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3}}""",
            """{"type":"message_stop"}""",
        ];
        await using var api = await ScriptedApi.StartAsync(First, string.Concat(events.Select(told => $"event: {JsonDocument.Parse(told).RootElement.GetProperty("type").GetString()}\ndata: {told}\n\n")));
        var client = new AnthropicClient { ApiKey = "key", BaseUrl = api.Address.ToString(), MaxRetries = 0 };
        var asked = new MessageCreateParams
        {
            Model = "claude-x",
            MaxTokens = 100,
            System = "Be brief.",
            Tools = [new Tool { Name = "ls", Description = "Lists files.", InputSchema = new() }],
            Messages = [new UserMessageParam("Which files?")],
        };

        var answer = await client.Messages.Create(asked);
        answer.ID.ShouldBe("msg_1");
        var streamed = 0;
        await foreach (var told in client.Messages.CreateStreaming(asked with
        {
            Messages =
            [
                .. asked.Messages,
                new AssistantMessageParam(new List<ContentBlockParam>
                {
                    new TextBlockParam { Text = "I look." },
                    new ToolUseBlockParam { ID = "toolu_1", Name = "ls", Input = new Dictionary<string, JsonElement> { ["path"] = JsonElement.Parse("\".\"") } },
                }),
                new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam { ToolUseID = "toolu_1", Content = "a.txt" } }),
            ],
        }))
        {
            streamed++;
        }

        streamed.ShouldBe(events.Length);
        var graph = Record(api.Requests, First, $"[{string.Join(',', events)}]", "ls", "toolu_1");
        Said(graph).ShouldBe(["user: Which files?", "assistant: I look.", "assistant toolu_1: {\"path\":\".\"}", "tool toolu_1: a.txt", "assistant: One file."]);
        Uses(graph).ShouldBe([(20, 6, 5, 0), (30, 18, 3, 0)]);
        ShouldBeLinked(graph);
    }

    // As a program does it that takes both sides of the wire.
    private RolloutGraph Record(List<string> requests, string first, string second, string tool, string callId)
    {
        using (var provider = Sdk.CreateTracerProviderBuilder()
            .AddRolloutTracing(options =>
            {
                options.BundleRoot = root;
                options.Filter = rollout => rollout.RootThreadId == threadId;
            })
            .Build())
        {
            using var session = RolloutTracing.StartSession(new() { ThreadId = threadId });
            using (var turn = session.StartTurn())
            {
                using (var request = turn.StartModelRequest("m", JsonPayload.OfJson(requests[0])))
                {
                    request.Complete(null, null, JsonPayload.OfJson(first));
                    using var call = turn.StartToolCall(new() { Name = tool, CallId = callId, CausedBy = request });
                    call.Complete(JsonPayload.OfText("a.txt"));
                }

                using (var request = turn.StartModelRequest("m", JsonPayload.OfJson(requests[1])))
                {
                    request.Complete(null, null, JsonPayload.OfJson(second));
                }

                turn.Complete();
            }

            session.Complete();
        }

        var result = RolloutReducer.Reduce(Directory.GetDirectories(root).ShouldHaveSingleItem(), new ReductionOptions { Strict = true });
        result.Diagnostics.ShouldBeEmpty();
        return result.Graph;
    }

    private static void ShouldBeLinked(RolloutGraph graph)
    {
        var tool = graph.ToolCalls.Values.ShouldHaveSingleItem();
        tool.ModelVisibleCallItemIds.Count.ShouldBe(1);
        tool.ModelVisibleOutputItemIds.Count.ShouldBe(1);
        graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).First().ToolCallIdsStartedByResponse.ShouldBe([tool.ToolCallId]);
    }

    private static IEnumerable<(long?, long?, long?, long?)> Uses(RolloutGraph graph) => graph.InferenceCalls.Values
        .OrderBy(call => call.Execution.StartedSeq)
        .Select(call => ((long?)call.Usage?.InputTokens, (long?)call.Usage?.CachedInputTokens, (long?)call.Usage?.OutputTokens, (long?)call.Usage?.ReasoningOutputTokens));

    private static List<string> Said(RolloutGraph graph)
    {
        var thread = graph.Threads.Values.Single();
        return [.. thread.ConversationItemIds.Select(id => graph.ConversationItems[id]).Select(item => $"{item.Role.ToString().ToLowerInvariant()}{(item.CallId is null ? "" : $" {item.CallId}")}: {Text(item)}")];
    }

    private static string Text(ConversationItem item) => string.Join('\n', item.Body.Parts.Select(part => part switch
    {
        TextPart { Text: var text } => text,
        JsonPart { Summary: var summary } => summary,
        _ => part.ToString()!,
    }));
}
