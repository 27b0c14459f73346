using System.Text.Json;

namespace CodingAgent.Tools;

/// <summary>What a tool was called with: JSON for a function, text for a custom tool.</summary>
internal sealed class ToolArguments
{
    private readonly JsonElement json;

    private ToolArguments(string text, JsonElement json)
    {
        Input = text;
        this.json = json;
    }

    /// <summary>The input of a custom tool.</summary>
    public string Input { get; }

    public static ToolArguments Custom(string input) => new(input, default);

    /// <exception cref="ToolException">The arguments are no JSON object.</exception>
    public static ToolArguments Function(string arguments)
    {
        try
        {
            var json = JsonElement.Parse(arguments);
            return json.ValueKind == JsonValueKind.Object ? new ToolArguments(arguments, json) : throw new ToolException("The arguments are no JSON object.");
        }
        catch (JsonException e)
        {
            throw new ToolException($"The arguments are no JSON: {e.Message}");
        }
    }

    /// <exception cref="ToolException">It is missing or of another type.</exception>
    public string Text(string name) => OptionalText(name) ?? throw new ToolException($"The argument {name} is missing.");

    /// <exception cref="ToolException">It is missing or of another type.</exception>
    public int Number(string name) => OptionalNumber(name) ?? throw new ToolException($"The argument {name} is missing.");

    public string? OptionalText(string name) => Find(name, JsonValueKind.String)?.GetString();

    public int? OptionalNumber(string name) =>
        Find(name, JsonValueKind.Number) is not { } value ? null
        : value.TryGetInt32(out var number) ? number
        : throw new ToolException($"The argument {name} is no integer.");

    public bool Flag(string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind ? value : throw new ToolException($"The argument {name} must be a {kind.ToString().ToLowerInvariant()}.");
    }
}
