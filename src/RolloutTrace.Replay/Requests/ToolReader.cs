using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Requests;

/// <summary>Tools as they are defined to a model, in one form for all APIs.</summary>
internal static class ToolReader
{
    /// <summary>What a definition says.</summary>
    public static string Of(in WireTool tool)
    {
        var schema = Schema(tool.Schema);
        return tool.Description is null && schema.Length == 0 && JsonText.MemberOrNull(tool.Source, "type") is not "function"
            ? CanonicalJson.Of(tool.Source)
            : $"{tool.Description}\n{schema}";
    }

    /// <summary>
    /// A schema. What clients add to it or leave out on the way does not count: its dialect, its title, that it takes no further members, and that
    /// none are required.
    /// </summary>
    public static string Schema(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return CanonicalJson.Of(schema);
        }

        var text = new StringBuilder();
        foreach (var member in schema.EnumerateObject().OrderBy(static member => JsonText.Name(member, out _), StringComparer.Ordinal))
        {
            switch (JsonText.Name(member, out _))
            {
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    foreach (var property in member.Value.EnumerateObject().OrderBy(static property => JsonText.Name(property, out _), StringComparer.Ordinal))
                    {
                        text.Append(JsonText.Name(property, out _)).Append(": ").Append(CanonicalJson.Of(property.Value, "additionalProperties")).Append('\n');
                    }

                    break;
                case "required" when member.Value.ValueKind == JsonValueKind.Array:
                    var names = member.Value.EnumerateArray().Select(static name => JsonText.Read(name, out _)).Order(StringComparer.Ordinal).ToList();
                    text.Append(names.Count == 0 ? "" : $"required: {string.Join(", ", names)}\n");
                    break;
                case "$schema" or "title" or "additionalProperties" or "type" or "strict":
                    break;
                case var name:
                    text.Append(name).Append(": ").Append(CanonicalJson.Of(member.Value)).Append('\n');
                    break;
            }
        }

        return text.ToString();
    }
}
