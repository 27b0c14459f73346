using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli;

/// <summary>A parameter of a tool: its part of the tool's input schema, and what reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the schema: <c>string</c>, <c>integer</c> or <c>boolean</c>.</param>
/// <param name="Description">What a model is told about it.</param>
internal sealed record ToolParameter(string Name, string Type, string Description)
{
    public static readonly ToolParameter Rollout = Text("rollout", "Which rollout: 'last' for the newest (the default), or what 'list' gives as rollout or rollout_id, or a beginning or end of that which no other has.");
    public static readonly ToolParameter Cursor = Text("cursor", "Leave it out for the first page; for the following one give 'next' of the page before, with all other arguments as they were.");

    /// <summary>Whether a call has to give it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The smallest number that it takes.</summary>
    public int Least { get; init; }

    /// <summary>The largest number that it takes.</summary>
    public int Most { get; init; }

    /// <summary>The number that it is when a call does not give it.</summary>
    public int Default { get; init; }

    /// <summary>The words that it takes; any if there are none.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public static ToolParameter Text(string name, string description) => new(name, "string", description);

    public static ToolParameter Flag(string name, string description) => new(name, "boolean", description);

    public static ToolParameter Number(string name, string description, int least, int most, int @default) =>
        new(name, "integer", description) { Least = least, Most = most, Default = @default };

    /// <summary>How many things a page has at most.</summary>
    public static ToolParameter Limit(string things, int @default) => Number("limit", $"The most {things} of one page. Default: {@default}.", 1, 200, @default);

    /// <summary>Its part of the input schema.</summary>
    public JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = Type, ["description"] = Description };
        if (Words.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Words.Select(static word => JsonValue.Create(word))]);
        }

        if (Type == "integer")
        {
            schema["minimum"] = Least;
            schema["maximum"] = Most;
        }

        return schema;
    }

    /// <summary>Reads what a call gives. Models write numbers and truths as texts too.</summary>
    /// <returns>A string, an int or a bool; null if nothing is given.</returns>
    /// <exception cref="QueryException">It is of another kind.</exception>
    public object? Read(JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? TextOf(value) : null;
        return (Type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null or JsonValueKind.Undefined) => null,
            ("string", JsonValueKind.String or JsonValueKind.Number) when text is not null && (Words.Count == 0 || Words.Contains(text, StringComparer.Ordinal)) => text,
            ("boolean", _) when bool.TryParse(text, out var flag) => flag,
            ("integer", _) when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most => number,
            _ => throw new QueryException($"'{Name}' takes {Wanted}, not {ItemPreview(value)}"),
        };
    }

    private string Wanted => Type switch
    {
        "integer" => $"a whole number from {Least} to {Most}",
        "boolean" => "true or false",
        _ => Words.Count > 0 ? $"one of {string.Join(", ", Words)}" : "a text",
    };

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    private static string ItemPreview(JsonElement value) => Analysis.ItemText.Preview(value.GetRawText(), 60);
}
