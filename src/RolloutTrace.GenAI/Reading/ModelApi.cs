using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What is in a whole request or response of a model's API, where a span has that and no messages apart.</summary>
internal static class ModelApi
{
    // By who has them: Chat Completions, Messages and LangChain; Gemini; Responses; text completions.
    private static readonly string[] Given = ["messages", "contents", "input", "prompts"];

    /// <summary>The messages of a request, or it itself if it is something else.</summary>
    public static JsonElement Messages(JsonElement request)
    {
        foreach (var name in Given)
        {
            if (JsonText.Member(request, name) is { ValueKind: JsonValueKind.Array } list)
            {
                return list;
            }
        }

        return JsonText.Member(request, "input") is { ValueKind: JsonValueKind.String } text && request.GetPropertyCount() == 1 ? text : request;
    }

    /// <summary>What a response has of a model's, or it itself if it is something else.</summary>
    public static JsonElement Answer(JsonElement response)
    {
        if (First(response, "choices") is { } choice)
        {
            return Inner(choice, "message") ?? Inner(choice, "text") ?? choice;
        }

        if (First(response, "generations") is { } generation)
        {
            generation = generation.ValueKind == JsonValueKind.Array && generation.GetArrayLength() > 0 ? generation[0] : generation;
            return Inner(generation, "message") ?? Inner(generation, "text") ?? generation;
        }

        if (First(response, "candidates") is { } candidate)
        {
            return Inner(candidate, "content") ?? candidate;
        }

        if (JsonText.Member(response, "output") is { ValueKind: JsonValueKind.Array } output)
        {
            return output;
        }

        if (JsonText.Member(response, "message") is { ValueKind: JsonValueKind.Object } answer)
        {
            return answer;
        }

        if (JsonText.Member(JsonText.Member(response, "output"), "message") is { ValueKind: JsonValueKind.Object } message)
        {
            return message;
        }

        if (JsonText.Member(response, "content") is { ValueKind: JsonValueKind.Object } content && JsonText.Member(content, "parts").ValueKind == JsonValueKind.Array)
        {
            return content;
        }

        return JsonText.Member(response, "messages") is { ValueKind: JsonValueKind.Array } messages ? messages : response;
    }

    private static JsonElement? First(JsonElement parent, string name) =>
        JsonText.Member(parent, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null;

    private static JsonElement? Inner(JsonElement parent, string name) =>
        JsonText.Member(parent, name) is { ValueKind: JsonValueKind.Object or JsonValueKind.String } inner ? inner : null;
}
