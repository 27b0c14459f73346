using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Google's Agent Development Kit has the whole request and response of a model in attributes of its own.</summary>
internal static class GoogleAdk
{
    public const string Request = "gcp.vertex.agent.llm_request";
    public const string Response = "gcp.vertex.agent.llm_response";

    /// <summary>The instructions; null if there are none.</summary>
    public static object? Instructions(TagTable tags)
    {
        var told = JsonText.Member(Config(tags), "system_instruction");
        return told.ValueKind switch
        {
            JsonValueKind.String => told,
            JsonValueKind.Object when JsonText.Member(told, "parts") is { ValueKind: JsonValueKind.Array } parts => parts,
            _ => null,
        };
    }

    /// <summary>The tools; null if there are none.</summary>
    public static IReadOnlyList<JsonElement>? Tools(TagTable tags)
    {
        var list = JsonText.Member(Config(tags), "tools");
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var tools = new List<JsonElement>();
        foreach (var tool in list.EnumerateArray())
        {
            var declared = JsonText.Member(tool, "function_declarations");
            tools.AddRange(declared.ValueKind == JsonValueKind.Array ? declared.EnumerateArray() : [tool]);
        }

        return tools;
    }

    private static JsonElement Config(TagTable tags) => tags.Json(Request) is { } request ? JsonText.Member(request, "config") : default;
}
