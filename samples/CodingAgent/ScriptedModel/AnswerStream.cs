using System.Text.Json.Nodes;

namespace CodingAgent.ScriptedModel;

/// <summary>An answer as the events of a Responses API, in their order.</summary>
internal sealed class AnswerStream(Answer answer, string model, long inputTokens, long cachedTokens)
{
    private int sequence;

    public string ResponseId => $"resp_{answer.Name}";

    public IEnumerable<JsonObject> Events()
    {
        yield return Event("response.created", new() { ["response"] = Response("in_progress", []) });
        for (var index = 0; index < answer.Items.Count; index++)
        {
            var item = answer.Items[index];
            var stalls = answer.Stalls && index == answer.Items.Count - 1;
            yield return Event("response.output_item.added", new() { ["output_index"] = index, ["item"] = Begun(item) });
            foreach (var update in Updates(item, index, stalls))
            {
                yield return update;
            }

            if (stalls)
            {
                yield break;
            }

            yield return Event("response.output_item.done", new() { ["output_index"] = index, ["item"] = item.DeepClone() });
        }

        yield return Event("response.completed", new() { ["response"] = Response("completed", answer.Items) });
    }

    /// <summary>The item as it is when nothing of it has been said.</summary>
    private static JsonObject Begun(JsonObject item)
    {
        var begun = (JsonObject)item.DeepClone();
        foreach (var (member, empty) in new (string, JsonNode)[] { ("content", new JsonArray()), ("summary", new JsonArray()), ("arguments", ""), ("input", ""), ("status", "in_progress") })
        {
            if (begun.ContainsKey(member))
            {
                begun[member] = empty;
            }
        }

        return begun;
    }

    private IEnumerable<JsonObject> Updates(JsonObject item, int index, bool stalls)
    {
        var (type, text) = (string?)item["type"] switch
        {
            "message" => ("response.output_text", (string)item["content"]![0]!["text"]!),
            "function_call" => ("response.function_call_arguments", (string)item["arguments"]!),
            "custom_tool_call" => ("response.custom_tool_call_input", (string)item["input"]!),
            _ => (null, ""),
        };
        if (type is null)
        {
            yield break;
        }

        foreach (var word in Words(text))
        {
            var delta = new JsonObject { ["item_id"] = (string?)item["id"], ["output_index"] = index, ["delta"] = word };
            if (type == "response.output_text")
            {
                delta["content_index"] = 0;
            }

            yield return Event($"{type}.delta", delta);
        }

        if (!stalls && type == "response.output_text")
        {
            yield return Event($"{type}.done", new() { ["item_id"] = (string?)item["id"], ["output_index"] = index, ["content_index"] = 0, ["text"] = text });
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        for (int from = 0, end; from < text.Length; from = end)
        {
            var space = text.IndexOf(' ', from);
            end = space < 0 ? text.Length : space + 1;
            yield return text[from..end];
        }
    }

    private JsonObject Event(string type, JsonObject members)
    {
        members.Insert(0, "type", type);
        members.Insert(1, "sequence_number", sequence++);
        return members;
    }

    private JsonObject Response(string status, IReadOnlyList<JsonObject> output)
    {
        var response = new JsonObject
        {
            ["id"] = ResponseId,
            ["object"] = "response",
            ["created_at"] = 1_770_000_000,
            ["status"] = status,
            ["model"] = model,
            ["output"] = new JsonArray([.. output.Select(i => i.DeepClone())]),
            ["parallel_tool_calls"] = true,
            ["tools"] = new JsonArray(),
            ["tool_choice"] = "auto",
        };
        if (status == "completed")
        {
            var outputTokens = Conversation.Tokens(output);
            response["usage"] = new JsonObject
            {
                ["input_tokens"] = inputTokens,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = cachedTokens },
                ["output_tokens"] = outputTokens,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = Conversation.Tokens(output.Where(i => (string?)i["type"] == "reasoning")) },
                ["total_tokens"] = inputTokens + outputTokens,
            };
        }

        return response;
    }
}
