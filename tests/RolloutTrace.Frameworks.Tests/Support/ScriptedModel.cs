using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>
/// A model on loopback that speaks Chat Completions, streamed or not. It answers by what it was asked last, and keeps every request
/// and answer as they were on the wire.
/// </summary>
/// <remarks>
/// A user's text is a script: <c>call NAME {arguments}</c>, several joined by <c> and </c>, calls tools; <c>fail STATUS</c> fails;
/// <c>say TEXT and call …</c> says something before; <c>fail once STATUS</c> fails the first time; <c>hang</c> streams a beginning and no end; anything else is answered. What tools gave
/// is answered with a text that repeats it.
/// </remarks>
internal sealed class ScriptedModel : IDisposable
{
    private readonly HttpListener listener;
    private readonly ConcurrentDictionary<string, bool> failed = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private int answers;

    public ScriptedModel()
    {
        (listener, Address) = Listen();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>What was asked and answered, in the order in which it was asked.</summary>
    public ConcurrentQueue<Exchange> Exchanges { get; } = new();

    public void Dispose()
    {
        ending.Cancel();
        listener.Close();
    }

    // A listener takes no port that it is not told, and one that did not get its port is of no use any more.
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (var port = 20_000 + Random.Shared.Next(10_000); port < 65_000; port++)
        {
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}/v1"));
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }

        throw new InvalidOperationException("no port is free");
    }

    private async Task ServeAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(async () =>
            {
                try
                {
                    await AnswerAsync(context);
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or OperationCanceledException)
                {
                    // The client has left.
                }
            });
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var request = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
        var exchange = new Exchange(request);
        Exchanges.Enqueue(exchange);
        var last = request["messages"]!.AsArray()[^1]!.AsObject();
        var text = TextOf(last["content"]);
        var isStreamed = request["stream"]?.GetValue<bool>() == true;
        if (text.StartsWith("fail ", StringComparison.Ordinal))
        {
            var words = text.Split(' ');
            if (words[1] != "once" || failed.TryAdd(text, true))
            {
                context.Response.StatusCode = int.Parse(words[^1]);
                await WriteAsync(context.Response, """{"error":{"message":"as the script says","type":"server_error","code":"scripted"}}""");
                context.Response.Close();
                return;
            }
        }

        var number = Interlocked.Increment(ref answers);
        var message = MessageFor(last, text, number);
        exchange.Answer = message;
        var id = exchange.ResponseId = $"chatcmpl-{number}";
        if (!isStreamed)
        {
            await WriteAsync(context.Response, Completion(id, message).ToJsonString());
            context.Response.Close();
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var chunk in Chunks(id, message))
        {
            await WriteAsync(context.Response, $"data: {chunk.ToJsonString()}\n\n");
            if (text == "hang")
            {
                await Task.Delay(Timeout.Infinite, ending.Token);
            }
        }

        await WriteAsync(context.Response, "data: [DONE]\n\n");
        context.Response.Close();
    }

    private static JsonObject MessageFor(JsonObject last, string text, int number)
    {
        string? said = null;
        if (text.StartsWith("say ", StringComparison.Ordinal) && text.IndexOf(" and call ", StringComparison.Ordinal) is var end and > 0)
        {
            (said, text) = (text[4..end], text[(end + 5)..]);
        }

        if (last["role"]!.GetValue<string>() == "user" && text.StartsWith("call ", StringComparison.Ordinal))
        {
            var calls = new JsonArray();
            foreach (var (words, i) in text.Split(" and ").Select((part, i) => (part.Split(' ', 3), i)))
            {
                calls.Add(new JsonObject
                {
                    ["id"] = $"call_{number}_{i}",
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = words[1], ["arguments"] = words.Length > 2 ? words[2] : "{}" },
                });
            }

            return new JsonObject { ["role"] = "assistant", ["content"] = said, ["tool_calls"] = calls };
        }

        return new JsonObject { ["role"] = "assistant", ["content"] = $"Answer {number} to: {text}" };
    }

    private static JsonObject Completion(string id, JsonObject message) => new()
    {
        ["id"] = id,
        ["object"] = "chat.completion",
        ["created"] = 1_770_000_000,
        ["model"] = "scripted-2026",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message.DeepClone(), ["finish_reason"] = ReasonOf(message) }),
        ["usage"] = Usage(),
    };

    private static IEnumerable<JsonObject> Chunks(string id, JsonObject message)
    {
        yield return Chunk(id, new JsonObject { ["role"] = "assistant", ["content"] = "" }, reason: null);
        if (message["content"]?.GetValue<string>() is { } text)
        {
            yield return Chunk(id, new JsonObject { ["content"] = text[..(text.Length / 2)] }, reason: null);
            yield return Chunk(id, new JsonObject { ["content"] = text[(text.Length / 2)..] }, reason: null);
        }

        if (message["tool_calls"] is JsonArray calls)
        {
            foreach (var (call, i) in calls.Select((call, i) => (call!.DeepClone().AsObject(), i)))
            {
                call["index"] = i;
                yield return Chunk(id, new JsonObject { ["tool_calls"] = new JsonArray(call) }, reason: null);
            }
        }

        yield return Chunk(id, [], ReasonOf(message));
        var usage = Chunk(id, [], reason: null);
        usage["choices"] = new JsonArray();
        usage["usage"] = Usage();
        yield return usage;
    }

    private static JsonObject Chunk(string id, JsonObject delta, string? reason) => new()
    {
        ["id"] = id,
        ["object"] = "chat.completion.chunk",
        ["created"] = 1_770_000_000,
        ["model"] = "scripted-2026",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = reason }),
    };

    private static JsonObject Usage() => new()
    {
        ["prompt_tokens"] = 100,
        ["completion_tokens"] = 10,
        ["total_tokens"] = 110,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 40 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 3 },
    };

    private static string ReasonOf(JsonObject message) => message["tool_calls"] is null ? "stop" : "tool_calls";

    private static string TextOf(JsonNode? content) => content switch
    {
        JsonArray parts => string.Concat(parts.Select(part => part!["text"]?.GetValue<string>())),
        JsonValue text => text.GetValue<string>(),
        _ => "",
    };

    private static async Task WriteAsync(HttpListenerResponse response, string text)
    {
        response.ContentType ??= "application/json";
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await response.OutputStream.FlushAsync();
    }
}
