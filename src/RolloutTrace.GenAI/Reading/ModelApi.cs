using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What is in a whole request or response of a model's API, where a span has that and no messages apart.</summary>
internal static class ModelApi
{
    // By who has them: Chat Completions, Messages and LangChain; Gemini; Responses; text completions.
    private static readonly string[] Given = ["messages", "contents", "input", "prompts"];

    /// <summary>The messages of a request; null if it is something else.</summary>
    public static JsonElement? Messages(JsonElement request)
    {
        var isAlone = request.ValueKind == JsonValueKind.Object && request.GetPropertyCount() == 1;
        var isWhole = isAlone || JsonText.Member(request, "model").ValueKind == JsonValueKind.String;
        foreach (var name in Given)
        {
            if (JsonText.Member(request, name) is { ValueKind: JsonValueKind.Array } list && (MessageShape.AreMessages(list) || ((isWhole || name == "prompts") && MessageShape.IsOf(list))))
            {
                return list;
            }
        }

        return !isWhole ? null
            : JsonText.Member(request, "input") is { ValueKind: JsonValueKind.String } text ? text
            : JsonText.Member(request, "prompt") is { ValueKind: JsonValueKind.String } prompt && !isAlone ? prompt
            : null;
    }

    /// <summary>What a response has of a model's, undefined if it has none; null if it is something else.</summary>
    public static JsonElement? Answer(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return Chosen(response) ?? Generated(response) ?? Candidate(response) ?? Put(response);
    }

    // Chat Completions and text completions. Where nothing was chosen, what is around the list tells it from one of anyone's own.
    private static JsonElement? Chosen(JsonElement response)
    {
        if (JsonText.Member(response, "choices") is not { ValueKind: JsonValueKind.Array } choices)
        {
            return null;
        }

        var choice = choices.GetArrayLength() > 0 ? choices[0] : default;
        if (JsonText.Member(choice, "message") is { ValueKind: JsonValueKind.Object } message && MessageShape.IsOf(message))
        {
            return message;
        }

        var isApi = JsonText.Member(response, "model").ValueKind == JsonValueKind.String || JsonText.Member(response, "usage").ValueKind == JsonValueKind.Object;
        return isApi || Has(choice, "finish_reason") ? Inner(choice, "message") ?? Inner(choice, "text") ?? default(JsonElement) : null;
    }

    // LangChain: a list for each prompt, or one.
    private static JsonElement? Generated(JsonElement response)
    {
        if (First(response, "generations") is not { } generation)
        {
            return null;
        }

        generation = generation.ValueKind == JsonValueKind.Array && generation.GetArrayLength() > 0 ? generation[0] : generation;
        return Inner(generation, "message") ?? Inner(generation, "text");
    }

    // Gemini. What was held back for safety has no content.
    private static JsonElement? Candidate(JsonElement response)
    {
        if (First(response, "candidates") is { } candidate)
        {
            var content = JsonText.Member(candidate, "content");
            return content.ValueKind == JsonValueKind.Object && (Has(content, "parts") || JsonText.MemberOrNull(content, "role") is "model") ? content
                : Has(candidate, "finishReason") || Has(candidate, "finish_reason") ? Inner(candidate, "content") ?? default(JsonElement)
                : null;
        }

        return Inner(response, "promptFeedback") is not null || Inner(response, "prompt_feedback") is not null ? default(JsonElement) : null;
    }

    // Responses; Ollama and Genkit; Bedrock; a chunk of Google's; and an agent's messages.
    private static JsonElement? Put(JsonElement response)
    {
        var output = JsonText.Member(response, "output");
        if (output.ValueKind == JsonValueKind.Array && (MessageShape.AreMessages(output) || JsonText.MemberOrNull(response, "object") is "response"))
        {
            return output;
        }

        foreach (var parent in (ReadOnlySpan<JsonElement>)[response, output])
        {
            if (JsonText.Member(parent, "message") is { ValueKind: JsonValueKind.Object } message && MessageShape.IsOf(message))
            {
                return message;
            }
        }

        if (JsonText.Member(response, "content") is { ValueKind: JsonValueKind.Object } content && JsonText.Member(content, "parts").ValueKind == JsonValueKind.Array)
        {
            return content;
        }

        return JsonText.Member(response, "messages") is { ValueKind: JsonValueKind.Array } messages && MessageShape.AreMessages(messages) ? messages : null;
    }

    private static JsonElement? First(JsonElement parent, string name) =>
        JsonText.Member(parent, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null;

    private static JsonElement? Inner(JsonElement parent, string name) =>
        JsonText.Member(parent, name) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } inner ? inner : null;

    private static bool Has(JsonElement parent, string name) => JsonText.Member(parent, name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
