using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace RolloutTrace.ModelSupport;

/// <summary>The Responses API below a real client of it: answers as it is told, and keeps the items that it was sent.</summary>
/// <param name="isStored">Whether the service keeps the history, so that a request may name the response that it goes on from.</param>
/// <param name="script">What it answers to the items of a request.</param>
internal sealed class ScriptedResponses(bool isStored, Func<JsonArray, Answer> script) : HttpMessageHandler
{
    private int responses;

    public ConcurrentQueue<JsonObject> Requests { get; } = new();

    /// <summary>Makes a client.</summary>
    public IChatClient Client(string model, Action<ChatClientBuilder> pipeline)
    {
        var options = new ResponsesClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(this, disposeHandler: false)), RetryPolicy = new ClientRetryPolicy(0) };
        var builder = new ResponsesClient(new ApiKeyCredential("none"), options).AsIChatClient(model).AsBuilder();
        pipeline(builder);
        return builder.Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        Requests.Enqueue(body);
        var response = Whole($"resp_{Interlocked.Increment(ref responses)}", script(body["input"]!.AsArray()));
        var text = body["stream"]?.GetValue<bool>() == true ? Streamed(response) : response.ToJsonString();
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(text, Encoding.UTF8, text[0] == '{' ? "application/json" : "text/event-stream"),
        };
    }

    private JsonObject Whole(string id, Answer answer)
    {
        var output = new JsonArray();
        if (answer.Text is { } said)
        {
            output.Add(new JsonObject
            {
                ["type"] = "message",
                ["id"] = $"msg_{id}",
                ["status"] = "completed",
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = said, ["annotations"] = new JsonArray() }),
            });
        }

        foreach (var (callId, name, arguments) in answer.Calls)
        {
            output.Add(new JsonObject { ["type"] = "function_call", ["id"] = $"fc_{callId}", ["call_id"] = callId, ["name"] = name, ["arguments"] = arguments, ["status"] = "completed" });
        }

        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = 1_780_000_000,
            ["status"] = "completed",
            ["model"] = "scripted-2026",
            ["store"] = isStored,
            ["output"] = output,
            ["parallel_tool_calls"] = true,
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = 100,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 40 },
                ["output_tokens"] = 10,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 4 },
                ["total_tokens"] = 110,
            },
        };
    }

    private static string Streamed(JsonObject response)
    {
        var events = new List<JsonObject> { new() { ["type"] = "response.created", ["response"] = With(response, "in_progress") } };
        foreach (var (item, i) in response["output"]!.AsArray().Select((item, i) => (item!.AsObject(), i)))
        {
            events.Add(new() { ["type"] = "response.output_item.added", ["output_index"] = i, ["item"] = With(item, "in_progress") });
            if (item["content"] is JsonArray content)
            {
                events.Add(new()
                {
                    ["type"] = "response.output_text.delta",
                    ["item_id"] = item["id"]!.DeepClone(),
                    ["output_index"] = i,
                    ["content_index"] = 0,
                    ["delta"] = content[0]!["text"]!.DeepClone(),
                });
            }

            events.Add(new() { ["type"] = "response.output_item.done", ["output_index"] = i, ["item"] = item.DeepClone() });
        }

        events.Add(new() { ["type"] = "response.completed", ["response"] = response.DeepClone() });
        return string.Concat(events.Select((told, i) =>
        {
            told["sequence_number"] = i;
            return $"event: {told["type"]}\ndata: {told.ToJsonString()}\n\n";
        }));
    }

    private static JsonObject With(JsonObject whole, string status)
    {
        var begun = whole.DeepClone().AsObject();
        begun["status"] = status;
        foreach (var list in (string[])["output", "content"])
        {
            if (begun.ContainsKey(list))
            {
                begun[list] = new JsonArray();
            }
        }

        return begun;
    }
}
