using System.Text.Json;

namespace RolloutTrace.GenAI.Reading;

/// <summary>The tools that a request offered to the model.</summary>
internal static class ToolDefinitions
{
    public static JsonElement? Read(TagTable tags)
    {
        if (tags.Json("gen_ai.tool.definitions") is { ValueKind: JsonValueKind.Array } definitions)
        {
            return definitions.EnumerateArray().Any(static entry => Declared(entry).ValueKind == JsonValueKind.Array)
                ? List(definitions.EnumerateArray().SelectMany(static entry => Declared(entry) is { ValueKind: JsonValueKind.Array } declared ? declared.EnumerateArray() : (IEnumerable<JsonElement>)[entry]))
                : definitions;
        }

        if (tags.Json("ai.prompt.tools", "llm.request.functions", "gen_ai.request.tools") is { ValueKind: JsonValueKind.Array } tools)
        {
            // Each may be JSON as text.
            return List(tools.EnumerateArray().Select(static tool => JsonValue.Json(tool) ?? tool));
        }

        if (tags.List("llm.tools") is { Count: > 0 } openInference)
        {
            return List(openInference.Select(static tool => tool.Json("tool.json_schema", "json_schema")).OfType<JsonElement>());
        }

        if (tags.Json("llm.invocation_parameters") is { } invocation && Wire.JsonText.Member(invocation, "tools") is { ValueKind: JsonValueKind.Array } offered && offered.GetArrayLength() > 0)
        {
            return offered;
        }

        if (tags.Json("model_request_parameters") is { } parameters && Wire.JsonText.Member(parameters, "function_tools") is { ValueKind: JsonValueKind.Array } functionTools)
        {
            return functionTools;
        }

        if (tags.Value("gen_ai.tool.definitions") is string cut && CutJson.Read(cut) is { ValueKind: JsonValueKind.Array } beginning)
        {
            return beginning;
        }

        if (tags.List("llm.request.functions") is { Count: > 0 } functions)
        {
            return JsonElement.Parse(JsonValue.Written(writer =>
            {
                writer.WriteStartArray();
                foreach (var function in functions)
                {
                    Write(writer, function);
                }

                writer.WriteEndArray();
            }));
        }

        return null;
    }

    // Google's API has functions inside a tool.
    private static JsonElement Declared(JsonElement tool) =>
        Wire.JsonText.Member(tool, "function_declarations") is { ValueKind: JsonValueKind.Array } declared ? declared : Wire.JsonText.Member(tool, "functionDeclarations");

    private static JsonElement List(IEnumerable<JsonElement> tools) => JsonElement.Parse(JsonValue.Written(writer =>
    {
        writer.WriteStartArray();
        foreach (var tool in tools)
        {
            JsonValue.WriteElement(writer, tool);
        }

        writer.WriteEndArray();
    }));

    private static void Write(Utf8JsonWriter writer, TagTable function)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteString("name"u8, function.Text("name"));
        if (function.Text("description") is { } description)
        {
            writer.WriteString("description"u8, description);
        }

        if (function.Json("parameters", "input_schema") is { } parameters)
        {
            writer.WritePropertyName("parameters"u8);
            JsonValue.WriteElement(writer, parameters);
        }

        writer.WriteEndObject();
    }
}
