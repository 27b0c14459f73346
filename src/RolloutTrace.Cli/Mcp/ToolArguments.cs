using System.Text.Json;

namespace RolloutTrace.Cli;

/// <summary>What a call of a tool gives: only what the tool has parameters for, and of their kinds.</summary>
internal sealed class ToolArguments
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    /// <exception cref="QueryException">Something is not known, of the wrong kind, or missing.</exception>
    public ToolArguments(IReadOnlyList<ToolParameter> parameters, IDictionary<string, JsonElement>? given)
    {
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            var parameter = parameters.FirstOrDefault(parameter => parameter.Name == name) ?? throw new QueryException(
                $"there is no parameter '{Analysis.ItemText.Preview(name, 60)}'; there are {string.Join(", ", parameters.Select(static parameter => parameter.Name))}");
            if (parameter.Read(value) is { } read)
            {
                values[name] = read;
            }
        }

        if (parameters.FirstOrDefault(parameter => parameter.IsRequired && (!values.TryGetValue(parameter.Name, out var value) || value is "")) is { } missing)
        {
            throw new QueryException($"'{missing.Name}' is missing: {missing.Description}");
        }
    }

    /// <summary>A text; null if there is none, or an empty one.</summary>
    public string? Text(ToolParameter parameter) => values.GetValueOrDefault(parameter.Name) is string { Length: > 0 } text ? text : null;

    /// <summary>A number, or the one that stands for none.</summary>
    public int Number(ToolParameter parameter) => values.GetValueOrDefault(parameter.Name) as int? ?? parameter.Default;

    /// <summary>Whether something is wanted.</summary>
    public bool Flag(ToolParameter parameter) => values.GetValueOrDefault(parameter.Name) is true;

    /// <summary>Whether a call gives it.</summary>
    public bool Has(ToolParameter parameter) => values.ContainsKey(parameter.Name);
}
