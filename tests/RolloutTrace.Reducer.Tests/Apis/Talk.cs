using System.Text.Json.Nodes;

namespace RolloutTrace.Reducer.Tests.Apis;

/// <summary>What stands in a conversation, in no API's words.</summary>
internal abstract record Entry;

/// <summary>The user says something.</summary>
internal sealed record Asked(string Text) : Entry;

/// <summary>The model answers; each of the three may be missing, but not all.</summary>
internal sealed record Answered(string? Thought, string? Text, Call[] Calls) : Entry;

/// <summary>The tools have given something, a JSON object each, in the order of the calls.</summary>
internal sealed record Given(Call[] Calls) : Entry;

/// <summary>A call with arguments, a JSON object, and what it gives.</summary>
internal sealed record Call(string Id, string Name, string Arguments, string Output);

/// <summary>Writes a conversation as one API has it on the wire: as a model answers, and as a client sends it back, who drops and reformats.</summary>
internal abstract class ApiWriter
{
    public abstract string Name { get; }

    public abstract string Request(IEnumerable<Entry> shown);

    public abstract string Response(Answered answer, string id, TokenUsage usage);

    /// <summary>Whether the API counts tokens of reasoning.</summary>
    public virtual bool CountsReasoning => true;

    public static IReadOnlyList<ApiWriter> All { get; } =
        [new ResponsesWriter(), new ResponseObjectWriter(), new ChatCompletionsWriter(), new MessagesWriter(), new GeminiWriter(), new GenAIPartsWriter()];

    public sealed override string ToString() => Name;

    protected static JsonNode Json(string json) => JsonNode.Parse(json)!;

    // The same JSON with other white space.
    protected static string Spaced(string json) => json.Replace("{", "{ ", StringComparison.Ordinal).Replace(":", " : ", StringComparison.Ordinal);

    protected static JsonArray List(IEnumerable<JsonNode> nodes) => [.. nodes];
}

internal class ResponsesWriter : ApiWriter
{
    public override string Name => "responses";

    public override string Request(IEnumerable<Entry> shown) =>
        new JsonObject { ["model"] = "m", ["instructions"] = "i", ["input"] = List(shown.SelectMany(entry => Items(entry, sentBack: true))) }.ToJsonString();

    public override string Response(Answered answer, string id, TokenUsage usage) => new JsonObject
    {
        ["response_id"] = id,
        ["token_usage"] = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens,
            ["cached_input_tokens"] = usage.CachedInputTokens,
            ["cache_write_input_tokens"] = usage.CacheWriteInputTokens,
            ["output_tokens"] = usage.OutputTokens,
            ["reasoning_output_tokens"] = usage.ReasoningOutputTokens,
        },
        ["output_items"] = List(Items(answer, sentBack: false)),
    }.ToJsonString();

    protected static IEnumerable<JsonNode> Items(Entry entry, bool sentBack)
    {
        switch (entry)
        {
            case Asked asked:
                yield return new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = List([new JsonObject { ["type"] = "input_text", ["text"] = asked.Text }]) };
                break;
            case Answered answer:
                if (answer.Thought is not null)
                {
                    var reasoning = new JsonObject { ["type"] = "reasoning", ["summary"] = new JsonArray(), ["content"] = List([new JsonObject { ["type"] = "reasoning_text", ["text"] = answer.Thought }]) };
                    yield return Given(reasoning, "rs_1", sentBack);
                }

                if (answer.Text is not null)
                {
                    var message = new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = List([new JsonObject { ["type"] = "output_text", ["text"] = answer.Text }]) };
                    yield return Given(message, "msg_1", sentBack);
                }

                foreach (var call in answer.Calls)
                {
                    var arguments = sentBack ? Spaced(call.Arguments) : call.Arguments;
                    yield return Given(new JsonObject { ["type"] = "function_call", ["call_id"] = call.Id, ["name"] = call.Name, ["arguments"] = arguments }, "fc_1", sentBack);
                }

                break;
            case Given given:
                foreach (var call in given.Calls)
                {
                    yield return new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = call.Output };
                }

                break;
        }
    }

    private static JsonObject Given(JsonObject item, string id, bool sentBack)
    {
        if (!sentBack)
        {
            item["id"] = id;
            item["status"] = "completed";
        }

        return item;
    }
}

internal sealed class ResponseObjectWriter : ResponsesWriter
{
    public override string Name => "response_object";

    public override string Response(Answered answer, string id, TokenUsage usage) => new JsonObject
    {
        ["id"] = id,
        ["object"] = "response",
        ["status"] = "completed",
        ["output"] = List(Items(answer, sentBack: false)),
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInputTokens },
            ["output_tokens"] = usage.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.ReasoningOutputTokens },
        },
    }.ToJsonString();
}

internal sealed class ChatCompletionsWriter : ApiWriter
{
    public override string Name => "chat_completions";

    public override string Request(IEnumerable<Entry> shown) =>
        new JsonObject { ["model"] = "m", ["messages"] = List(shown.SelectMany(Messages)), ["temperature"] = 0 }.ToJsonString();

    public override string Response(Answered answer, string id, TokenUsage usage)
    {
        var message = Message(answer, static arguments => arguments);
        message["refusal"] = null;
        message["annotations"] = new JsonArray();
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "chat.completion",
            ["choices"] = List([new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = "stop" }, new JsonObject { ["index"] = 1, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "another" } }]),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = usage.InputTokens,
                ["completion_tokens"] = usage.OutputTokens,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInputTokens },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.ReasoningOutputTokens },
            },
        }.ToJsonString();
    }

    private static IEnumerable<JsonNode> Messages(Entry entry) => entry switch
    {
        Asked asked => [new JsonObject { ["role"] = "user", ["content"] = asked.Text }],
        Answered answer => [Without(Message(answer, Spaced))],
        Given given => given.Calls.Select(static call => new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = List([new JsonObject { ["type"] = "text", ["text"] = call.Output }]) }),
        _ => [],
    };

    private static JsonObject Message(Answered answer, Func<string, string> arguments)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text };
        if (answer.Thought is not null)
        {
            message["reasoning_content"] = answer.Thought;
        }

        if (answer.Calls.Length > 0)
        {
            message["tool_calls"] = List(answer.Calls.Select(call =>
                new JsonObject { ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments(call.Arguments) } }));
        }

        return message;
    }

    private static JsonObject Without(JsonObject message)
    {
        if (message["content"] is null)
        {
            message["content"] = "";
        }

        return message;
    }
}

internal sealed class MessagesWriter : ApiWriter
{
    public override string Name => "messages";

    public override bool CountsReasoning => false;

    public override string Request(IEnumerable<Entry> shown) =>
        new JsonObject { ["model"] = "m", ["system"] = "i", ["max_tokens"] = 9, ["messages"] = List(shown.Select(static entry => Message(entry))) }.ToJsonString();

    public override string Response(Answered answer, string id, TokenUsage usage) => new JsonObject
    {
        ["id"] = id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["content"] = List(Blocks(answer)),
        ["stop_reason"] = "end_turn",
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteInputTokens,
            ["cache_read_input_tokens"] = usage.CachedInputTokens,
            ["cache_creation_input_tokens"] = usage.CacheWriteInputTokens,
            ["output_tokens"] = usage.OutputTokens,
        },
    }.ToJsonString();

    private static JsonObject Message(Entry entry) => entry switch
    {
        Asked asked => new JsonObject { ["role"] = "user", ["content"] = asked.Text },
        Answered { Thought: null, Calls: [] } answer => new JsonObject { ["role"] = "assistant", ["content"] = answer.Text },
        Answered answer => new JsonObject { ["role"] = "assistant", ["content"] = List(Blocks(answer)) },
        Given given => new JsonObject
        {
            ["role"] = "user",
            ["content"] = List(given.Calls.Select(static call => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = call.Id, ["content"] = call.Output, ["cache_control"] = new JsonObject() })),
        },
        _ => [],
    };

    private static IEnumerable<JsonNode> Blocks(Answered answer)
    {
        if (answer.Thought is not null)
        {
            yield return new JsonObject { ["type"] = "thinking", ["thinking"] = answer.Thought, ["signature"] = "s" + answer.Thought };
        }

        if (answer.Text is not null)
        {
            yield return new JsonObject { ["type"] = "text", ["text"] = answer.Text };
        }

        foreach (var call in answer.Calls)
        {
            yield return new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = Json(call.Arguments) };
        }
    }
}

internal sealed class GeminiWriter : ApiWriter
{
    public override string Name => "gemini";

    public override string Request(IEnumerable<Entry> shown) => new JsonObject
    {
        ["systemInstruction"] = new JsonObject { ["parts"] = List([new JsonObject { ["text"] = "i" }]) },
        ["contents"] = List(shown.Select(static entry => Content(entry))),
    }.ToJsonString();

    public override string Response(Answered answer, string id, TokenUsage usage) => new JsonObject
    {
        ["candidates"] = List([new JsonObject { ["content"] = Content(answer), ["finishReason"] = "STOP" }]),
        ["usageMetadata"] = new JsonObject
        {
            ["promptTokenCount"] = usage.InputTokens,
            ["cachedContentTokenCount"] = usage.CachedInputTokens,
            ["candidatesTokenCount"] = usage.OutputTokens - usage.ReasoningOutputTokens,
            ["thoughtsTokenCount"] = usage.ReasoningOutputTokens,
        },
        ["responseId"] = id,
    }.ToJsonString();

    private static JsonObject Content(Entry entry) => entry switch
    {
        Asked asked => new JsonObject { ["role"] = "user", ["parts"] = List([new JsonObject { ["text"] = asked.Text }]) },
        Answered answer => new JsonObject { ["role"] = "model", ["parts"] = List(Parts(answer)) },
        Given given => new JsonObject
        {
            ["role"] = "user",
            ["parts"] = List(given.Calls.Select(static call => new JsonObject { ["functionResponse"] = new JsonObject { ["name"] = call.Name, ["response"] = Json(call.Output) } })),
        },
        _ => [],
    };

    private static IEnumerable<JsonNode> Parts(Answered answer)
    {
        if (answer.Thought is not null)
        {
            yield return new JsonObject { ["text"] = answer.Thought, ["thought"] = true };
        }

        if (answer.Text is not null)
        {
            yield return new JsonObject { ["text"] = answer.Text };
        }

        foreach (var call in answer.Calls)
        {
            yield return new JsonObject { ["functionCall"] = new JsonObject { ["name"] = call.Name, ["args"] = Json(call.Arguments) } };
        }
    }
}

internal sealed class GenAIPartsWriter : ApiWriter
{
    public override string Name => "gen_ai_parts";

    public override string Request(IEnumerable<Entry> shown) => List(shown.Select(static entry => Message(entry))).ToJsonString();

    public override string Response(Answered answer, string id, TokenUsage usage) => new JsonObject
    {
        ["id"] = id,
        ["messages"] = List([Message(answer)]),
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens,
            ["output_tokens"] = usage.OutputTokens,
            ["cached_input_tokens"] = usage.CachedInputTokens,
            ["reasoning_output_tokens"] = usage.ReasoningOutputTokens,
        },
    }.ToJsonString();

    private static JsonObject Message(Entry entry) => entry switch
    {
        Asked asked => new JsonObject { ["role"] = "user", ["parts"] = List([new JsonObject { ["type"] = "text", ["content"] = asked.Text }]) },
        Answered answer => new JsonObject { ["role"] = "assistant", ["parts"] = List(Parts(answer)), ["finish_reason"] = "stop" },
        Given given => new JsonObject
        {
            ["role"] = "tool",
            ["parts"] = List(given.Calls.Select(static call => new JsonObject { ["type"] = "tool_call_response", ["id"] = call.Id, ["response"] = call.Output })),
        },
        _ => [],
    };

    private static IEnumerable<JsonNode> Parts(Answered answer)
    {
        if (answer.Thought is not null)
        {
            yield return new JsonObject { ["type"] = "reasoning", ["content"] = answer.Thought };
        }

        if (answer.Text is not null)
        {
            yield return new JsonObject { ["type"] = "text", ["content"] = answer.Text };
        }

        foreach (var call in answer.Calls)
        {
            yield return new JsonObject { ["type"] = "tool_call", ["id"] = call.Id, ["name"] = call.Name, ["arguments"] = Json(call.Arguments) };
        }
    }
}
