using System.Text.Json;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// As much of JSON Schema as the conventions' schemas of message content need: type, const, enum, not, anyOf, required, properties, items,
/// minItems and references inside the document. The documents are written down from the conventions' tables; where those let any type of part
/// pass, ours let pass none that has a name there and lacks what belongs to it.
/// </summary>
public sealed class JsonSchema
{
    private readonly JsonElement root;

    private JsonSchema(string name)
    {
        using var stream = typeof(JsonSchema).Assembly.GetManifestResourceStream($"RolloutTrace.TestSupport.Schemas.{name}.json") ?? throw new FileNotFoundException(name);
        using var document = JsonDocument.Parse(stream);
        root = document.RootElement.Clone();
    }

    public static JsonSchema InputMessages { get; } = new("gen-ai-input-messages");

    public static JsonSchema OutputMessages { get; } = new("gen-ai-output-messages");

    public static JsonSchema SystemInstructions { get; } = new("gen-ai-system-instructions");

    public static JsonSchema ToolDefinitions { get; } = new("gen-ai-tool-definitions");

    /// <summary>The schema of an attribute; null for one without.</summary>
    public static JsonSchema? OfAttribute(string name) => name switch
    {
        RolloutAttributes.GenAI.InputMessages => InputMessages,
        RolloutAttributes.GenAI.OutputMessages => OutputMessages,
        RolloutAttributes.GenAI.SystemInstructions => SystemInstructions,
        RolloutAttributes.GenAI.ToolDefinitions => ToolDefinitions,
        _ => null,
    };

    /// <summary>The text is JSON that is as the schema has it.</summary>
    public void ShouldAllow(string json) => Violation(JsonElement.Parse(json), root, "$").ShouldBeNull(json);

    public bool Allows(string json) => Violation(JsonElement.Parse(json), root, "$") is null;

    private string? Violation(JsonElement value, JsonElement schema, string path)
    {
        foreach (var rule in schema.EnumerateObject())
        {
            var violation = rule.Name switch
            {
                "type" => IsType(value, rule.Value) ? null : $"{path} is no {rule.Value}",
                "const" => JsonElement.DeepEquals(value, rule.Value) ? null : $"{path} is not {rule.Value}",
                "enum" => rule.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(value, allowed)) ? null : $"{path} is none of {rule.Value}",
                "not" => Violation(value, rule.Value, path) is null ? $"{path} is {rule.Value}" : null,
                "anyOf" => AnyOf(value, rule.Value, path),
                "$ref" => Violation(value, root.GetProperty("$defs").GetProperty(rule.Value.GetString()!.Split('/')[^1]), path),
                "required" => rule.Value.EnumerateArray().Select(static name => name.GetString()!).FirstOrDefault(name => value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(name, out _)) is { } missing
                    ? $"{path} has no {missing}"
                    : null,
                "properties" => Properties(value, rule.Value, path),
                "items" => Items(value, rule.Value, path),
                "minItems" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() < rule.Value.GetInt32() ? $"{path} is too short" : null,
                "title" or "$defs" => null,
                _ => throw new NotSupportedException(rule.Name),
            };
            if (violation is not null)
            {
                return violation;
            }
        }

        return null;
    }

    private string? AnyOf(JsonElement value, JsonElement schemas, string path)
    {
        var violations = schemas.EnumerateArray().Select(schema => Violation(value, schema, path)).ToList();
        return violations.Contains(null) ? null : string.Join("; ", violations);
    }

    private string? Properties(JsonElement value, JsonElement schemas, string path) => value.ValueKind != JsonValueKind.Object
        ? null
        : schemas.EnumerateObject().Select(property => value.TryGetProperty(property.Name, out var member) ? Violation(member, property.Value, $"{path}.{property.Name}") : null).FirstOrDefault(static v => v is not null);

    private string? Items(JsonElement value, JsonElement schema, string path) => value.ValueKind != JsonValueKind.Array
        ? null
        : value.EnumerateArray().Select((item, i) => Violation(item, schema, $"{path}[{i}]")).FirstOrDefault(static v => v is not null);

    private static bool IsType(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsType(value, one))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "null" => value.ValueKind == JsonValueKind.Null,
            var other => throw new NotSupportedException(other),
        };
}
