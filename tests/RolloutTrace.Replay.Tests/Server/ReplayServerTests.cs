using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Responses;
using RolloutTrace.Bundle;

namespace RolloutTrace.Replay.Tests.Server;

/// <summary>The server as a process of its own, asked by OpenAI's client and by one that knows nothing.</summary>
public sealed class ReplayServerTests : IDisposable
{
    private const string User = """{"model":"m","input":"u"}""";

    private readonly HttpClient http = new();

    public static TheoryData<string> Dialects => DialectTests.Dialects;

    public void Dispose() => http.Dispose();

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task OpenAIs_client_gets_a_conversation_by_both_APIs_whatever_API_it_was_recorded_from(string dialect)
    {
        using var bundle = DialectTests.Recorded(dialect);
        bundle.Open();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);
        foreach (var responses in (bool[])[false, true])
        {
            using var client = Client(server, responses);
            await Converse(client, streams: false);
            if (!responses)
            {
                await Converse(client, streams: true);
            }
        }

        await StreamResponses(server);

        var (exitCode, told) = await server.EndAsync();
        exitCode.ShouldBe(0);
        told.ShouldStartWith("2 requests recorded. For the agent: OPENAI_BASE_URL=http://127.0.0.1:");
        told.TrimEnd().ShouldEndWith($"ROLLOUT_TRACE_REPLAYED_FROM=trace-1/{TestBundle.Root}");
    }

    [Theory]
    [InlineData("chat/completions", """{"model":"m","messages":[{"role":"user","content":"u"}]}""")]
    [InlineData("responses", User)]
    public async Task What_goes_over_the_wire_is_what_the_API_says(string path, string request)
    {
        using var bundle = Everything();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        var whole = await Post(server, path, request);
        var streamed = await Post(server, path, request.Insert(1, "\"stream\":true,\"stream_options\":{\"include_usage\":true},"));
        whole.Type.ShouldBe("application/json");
        streamed.Type.ShouldBe("text/event-stream");
        Snapshot.Match($"{JsonNode.Parse(whole.Body)!.ToJsonString(new() { WriteIndented = true })}\n\n{streamed.Body}", part: path.Replace('/', '-'));
    }

    [Theory]
    [InlineData("chat/completions", """{"model":"m","messages":[{"role":"user","content":"never"}]}""")]
    [InlineData("responses", """{"model":"m","input":"never"}""")]
    public async Task What_was_never_asked_is_not_found_and_names_the_nearest_and_the_first_difference(string path, string request)
    {
        using var bundle = Everything();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        var (status, type, body) = await Post(server, path, request);

        status.ShouldBe(HttpStatusCode.NotFound);
        type.ShouldBe("application/json");
        var error = JsonNode.Parse(body)!["error"]!;
        ((string?)error["message"]).ShouldBe("the request was never asked; nearest is request i1 (#1), which differs first in item 0: recorded was 'user: u', asked was 'user: never'");
        ((string?)error["code"]).ShouldBe("never_asked");
        ((string?)error["nearest_request"]).ShouldBe("i1");
        error["difference"]!.ToJsonString().ShouldBe("""{"what":"item","name":null,"index":0,"recorded":"user: u","asked":"user: never"}""");
        (await server.EndAsync()).Told.ShouldContain("the request was never asked; nearest is request i1");
    }

    [Fact]
    public async Task Answers_begin_again_or_each_is_given_once()
    {
        using var bundle = Everything();
        await using var again = await ReplayProcess.StartAsync(bundle.Directory);
        await using var once = await ReplayProcess.StartAsync(bundle.Directory, "--once");

        (await Post(again, "responses", User)).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(again, "responses", User)).Status.ShouldBe(HttpStatusCode.OK);
        (await Post(once, "responses", User)).Status.ShouldBe(HttpStatusCode.OK);
        var (status, _, body) = await Post(once, "responses", User);
        status.ShouldBe(HttpStatusCode.Gone);
        body.ShouldContain("asked_too_often");
    }

    [Fact]
    public async Task What_failed_fails_with_its_status_and_in_a_stream_behind_what_had_arrived()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", User);
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "429 Too Many Requests: slow down" });
        bundle.Request("i2", """{"model":"m","input":"v"}""");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i2", Error = "broken pipe", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"So far"}]}]}""") });
        bundle.Open();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        var (status, _, body) = await Post(server, "chat/completions", """{"model":"m","messages":[{"role":"user","content":"u"}]}""");
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        ((string?)JsonNode.Parse(body)!["error"]!["message"]).ShouldBe("429 Too Many Requests: slow down");
        (await Post(server, "responses", """{"model":"m","input":"v"}""")).Status.ShouldBe(HttpStatusCode.InternalServerError);
        var chat = await Post(server, "chat/completions", """{"model":"m","stream":true,"messages":[{"role":"user","content":"v"}]}""");
        chat.Body.ShouldContain("\"content\":\" far\"");
        chat.Body.ShouldNotContain("[DONE]");
        chat.Body.TrimEnd().ShouldEndWith("""data: {"error":{"message":"broken pipe","type":"server_error","param":null,"code":"replayed_failure"}}""");
        var responses = await Post(server, "responses", """{"model":"m","stream":true,"input":"v"}""");
        responses.Body.ShouldContain("event: response.failed");
        responses.Body.ShouldNotContain("response.completed");
    }

    [Fact]
    public async Task What_was_cancelled_has_no_end_behind_what_had_arrived()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", User);
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "interrupted", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"So far"}]}]}""") });
        bundle.Open();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        await Should.ThrowAsync<HttpRequestException>(() => Post(server, "responses", User));
        var streamed = await Post(server, "responses", """{"model":"m","stream":true,"input":"u"}""");
        streamed.Body.ShouldContain("\"delta\":\" far\"");
        streamed.Body.ShouldNotContain("response.completed");
        var chat = await Post(server, "chat/completions", """{"model":"m","stream":true,"messages":[{"role":"user","content":"u"}]}""");
        chat.Body.ShouldContain("\"content\":\" far\"");
        chat.Body.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task A_live_model_answers_from_a_given_request_on_with_the_callers_key_and_all_that_the_request_continues()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"model":"m","instructions":"Be short.","input":"one"}""")
            .Respond("i1", """{"id":"r1","output":[{"id":"rs_1","type":"reasoning","summary":[]},{"id":"m_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"1","annotations":[]}]}]}""", "r1")
            .Request("i2", """{"model":"m","instructions":"Be short.","previous_response_id":"r1","input":"two"}""")
            .Respond("i2", """{"id":"r2","output":[]}""", "r2");
        bundle.Open();
        await using var live = await LiveServer.StartAsync("""{"id":"live","output":[]}""");
        await using var server = await ReplayProcess.StartAsync(bundle.Directory, "--live", live.Address.AbsoluteUri, "--from", "#2");

        var first = await Post(server, "responses", """{"model":"m","instructions":"Be kind.","input":"one"}""");
        ((string?)JsonNode.Parse(first.Body)!["id"]).ShouldBe("r1");
        live.Asked.ShouldBeEmpty();
        var second = await Post(server, "responses", """{"model":"m","instructions":"Be kind.","previous_response_id":"r1","input":"two"}""");

        second.Body.ShouldBe("""{"id":"live","output":[]}""");
        var (path, key, body) = live.Asked.ShouldHaveSingleItem();
        path.ShouldBe("/v1/responses");
        key.ShouldBe("Bearer sk-mine");
        JsonNode.Parse(body)!.ToJsonString().ShouldBe(
            """{"model":"m","instructions":"Be kind.","input":[{"role":"user","content":"one"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"1","annotations":[]}]},{"role":"user","content":"two"}]}""");
        (await server.EndAsync()).Told.ShouldContain("from here on the live model answers");
    }

    [Fact]
    public async Task A_live_model_that_is_not_there_is_said()
    {
        using var bundle = Everything();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory, "--live", "http://127.0.0.1:1/v1");

        var (status, _, body) = await Post(server, "responses", """{"model":"m","input":"never"}""");
        status.ShouldBe(HttpStatusCode.BadGateway);
        body.ShouldContain("live_unreachable");
    }

    [Fact]
    public async Task Models_are_those_of_the_recording_and_what_is_not_there_is_said()
    {
        using var bundle = Everything();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        (await http.GetStringAsync(new Uri(server.Address, "models"))).ShouldBe("""{"object":"list","data":[{"id":"m","object":"model","created":1770000000,"owned_by":"rollout-trace"}]}""");
        (await http.GetStringAsync(new Uri(server.Address, "models/m"))).ShouldContain("\"id\":\"m\"");
        using var missing = await http.GetAsync(new Uri(server.Address, "models/other"));
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Post(server, "embeddings", "{}")).Body.ShouldContain("POST /v1/embeddings is not answered here");
        (await Post(server, "responses", "{ no json")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task Pages_in_a_browser_get_nothing(string header, string value)
    {
        using var bundle = Everything();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);
        using var request = Request(server, "responses", User);
        request.Headers.Add(header, value);

        using var answer = await http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("Rome");
    }

    private static TestBundle Everything()
    {
        var bundle = new TestBundle().WithTurn()
            .Request("i1", User)
            .Respond("i1", """{"id":"r1","model":"m-1","usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2}},"output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Think."}],"encrypted_content":"xyz"},{"id":"m_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"In Rome,\n“yes”."}]},{"type":"function_call","call_id":"c1","name":"look","arguments":"{\"at\": \"the sky\"}"},{"type":"custom_tool_call","call_id":"c2","name":"patch","input":"*** Begin"}]}""", "r1");
        bundle.Open();
        return bundle;
    }

    private static IChatClient Client(ReplayProcess server, bool responses)
    {
        var client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = server.Address, RetryPolicy = new ClientRetryPolicy(0) });
        return responses ? client.GetResponsesClient().AsIChatClient("m") : client.GetChatClient("m").AsIChatClient();
    }

    private static async Task Converse(IChatClient client, bool streams)
    {
        var history = new List<ChatMessage> { new(ChatRole.User, "How is Rome?") };
        var options = new ChatOptions { Instructions = "Be short.", Temperature = 0.2f, Tools = [AIFunctionFactory.Create((string city) => "", "weather", "Tells the weather.")] };
        var asked = await Ask();
        var call = asked.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
        (call.Name, call.Arguments!["city"]!.ToString()).ShouldBe(("weather", "Rome"));
        (asked.Usage!.InputTokenCount, asked.Usage.OutputTokenCount).ShouldBe((12, 3));

        history.AddRange(asked.Messages);
        history.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "22 degrees")]));
        (await Ask()).Text.ShouldBe("It is warm.");

        async Task<ChatResponse> Ask() => streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options);
    }

    // As a program does that has OpenAI's client alone.
    private static async Task StreamResponses(ReplayProcess server)
    {
        var client = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = server.Address, RetryPolicy = new ClientRetryPolicy(0) });
        var asked = await Stream([ResponseItem.CreateUserMessageItem("How is Rome?")]);
        var call = asked.OutputItems.OfType<FunctionCallResponseItem>().ShouldHaveSingleItem();
        (call.FunctionName, JsonNode.Parse(call.FunctionArguments)!["city"]!.ToString()).ShouldBe(("weather", "Rome"));
        (asked.Usage.InputTokenCount, asked.Usage.OutputTokenCount).ShouldBe((12, 3));
        var answered = await Stream([ResponseItem.CreateUserMessageItem("How is Rome?"), call, ResponseItem.CreateFunctionCallOutputItem(call.CallId, "22 degrees")]);
        answered.OutputItems.OfType<MessageResponseItem>().ShouldHaveSingleItem().Content[0].Text.ShouldBe("It is warm.");

        async Task<ResponseResult> Stream(IEnumerable<ResponseItem> input)
        {
            var options = new CreateResponseOptions { Model = "m", Instructions = "Be short.", Temperature = 0.2f, StreamingEnabled = true };
            options.Tools.Add(ResponseTool.CreateFunctionTool("weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""), strictModeEnabled: true, "Tells the weather."));
            foreach (var item in input)
            {
                options.InputItems.Add(item);
            }

            var said = new StringBuilder();
            await using var stream = await client.CreateResponseStreamingAsync(options);
            await foreach (var update in stream)
            {
                if (update is StreamingResponseOutputTextDeltaUpdate delta)
                {
                    said.Append(delta.Delta);
                }
                else if (update is StreamingResponseCompletedUpdate completed)
                {
                    string.Concat(completed.Response.OutputItems.OfType<MessageResponseItem>().SelectMany(static item => item.Content).Select(static part => part.Text)).ShouldBe(said.ToString());
                    return completed.Response;
                }
            }

            throw new InvalidOperationException("the stream ended before the answer did");
        }
    }

    private static HttpRequestMessage Request(ReplayProcess server, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-mine");
        return request;
    }

    private async Task<(HttpStatusCode Status, string? Type, string Body)> Post(ReplayProcess server, string path, string body)
    {
        using var request = Request(server, path, body);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }
}
