using System.Text.Json.Nodes;

namespace ChatApp.ScriptedModel;

/// <summary>An answer in the form of Chat Completions: a text, or calls of tools.</summary>
internal sealed class Answer(JsonArray messages, string? text, params (string Id, string Name, string Arguments)[] calls)
{
    private string FinishReason => calls.Length > 0 ? "tool_calls" : "stop";

    public JsonObject Whole(string id)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (calls.Length > 0)
        {
            message["tool_calls"] = new JsonArray([.. calls.Select(call => Call(call))]);
        }

        var whole = Frame(id, "chat.completion", new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = FinishReason });
        whole["usage"] = Usage();
        return whole;
    }

    public IEnumerable<JsonObject> Chunks(string id)
    {
        foreach (var (i, word) in (text?.Split(' ') ?? []).Index())
        {
            yield return Chunk(id, new JsonObject { ["role"] = "assistant", ["content"] = i == 0 ? word : " " + word });
        }

        for (var i = 0; i < calls.Length; i++)
        {
            var call = Call(calls[i]);
            call["index"] = i;
            yield return Chunk(id, new JsonObject { ["role"] = "assistant", ["tool_calls"] = new JsonArray(call) });
        }

        yield return Chunk(id, [], FinishReason);
        var end = Frame(id, "chat.completion.chunk", choice: null);
        end["usage"] = Usage();
        yield return end;
    }

    private static JsonObject Chunk(string id, JsonObject delta, string? finishReason = null) =>
        Frame(id, "chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason });

    private static JsonObject Frame(string id, string type, JsonObject? choice) => new()
    {
        ["id"] = id,
        ["object"] = type,
        ["created"] = 1_780_000_000,
        ["model"] = "scripted",
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    // A token is taken to have four characters.
    private JsonObject Usage()
    {
        var shown = messages.ToJsonString().Length / 4;
        var said = (text?.Length ?? calls.Sum(call => call.Arguments.Length + call.Name.Length)) / 4;
        return new JsonObject { ["prompt_tokens"] = shown, ["completion_tokens"] = said, ["total_tokens"] = shown + said };
    }

    private static JsonObject Call((string Id, string Name, string Arguments) call) =>
        new() { ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments } };
}
