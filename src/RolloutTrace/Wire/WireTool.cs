using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>A tool as it was defined to a model. It refers to the document it was read from, and is valid as long as that is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct WireTool
{
    private static readonly string[] SchemaNames = ["parameters", "input_schema", "parametersJsonSchema", "parameters_json_schema", "inputSchema", "format"];
    private static readonly string[] NestedNames = ["function", "custom"];

    private WireTool(string? name, string? description, JsonElement schema, JsonElement source)
    {
        Name = name;
        Description = description;
        Schema = schema;
        Source = source;
    }

    /// <summary>What the model calls it by; of a tool that the provider has built in, its type. Null if it has neither.</summary>
    public string? Name { get; }

    /// <summary>What the model is told about it; null if nothing.</summary>
    public string? Description { get; }

    /// <summary>What it is called with, a JSON schema or the format of a text; undefined if that is not said.</summary>
    public JsonElement Schema { get; }

    /// <summary>The definition as it stood on the wire.</summary>
    public JsonElement Source { get; }

    /// <summary>How long the definition is on the wire, in bytes of UTF-8.</summary>
    public int Bytes => JsonMarshal.GetRawUtf8Value(Source).Length;

    /// <summary>Reads a definition of any API.</summary>
    internal static WireTool Read(JsonElement definition)
    {
        var inner = definition;
        foreach (var nested in NestedNames)
        {
            if (JsonText.Member(definition, nested) is { ValueKind: JsonValueKind.Object } value)
            {
                inner = value;
            }
        }

        JsonElement schema = default;
        foreach (var name in SchemaNames)
        {
            schema = schema.ValueKind == JsonValueKind.Undefined ? JsonText.Member(inner, name) : schema;
        }

        return new WireTool(
            JsonText.MemberOrNull(inner, "name") ?? JsonText.MemberOrNull(inner, "server_label") ?? JsonText.MemberOrNull(definition, "type"),
            JsonText.MemberOrNull(inner, "description") ?? JsonText.MemberOrNull(inner, "server_description"),
            schema,
            definition);
    }

    /// <summary>A tool of the provider that a request switches on by a member.</summary>
    internal static WireTool SwitchedOn(string member, JsonElement value) => new(member, description: null, default, value);
}
