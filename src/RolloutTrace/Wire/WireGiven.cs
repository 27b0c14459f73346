using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// What a request gave the model besides the list of messages: instructions, tools and parameters. It refers to the document it was
/// read from, and is valid as long as that is.
/// </summary>
public sealed class WireGiven
{
    private WireGiven(string? instructions, IReadOnlyList<WireTool> tools, IReadOnlyList<WireParameter> parameters)
    {
        Instructions = instructions;
        Tools = tools;
        Parameters = parameters;
    }

    /// <summary>The instructions that stand beside the list, their blocks joined by newlines; null if none do. Those in the list are items.</summary>
    public string? Instructions { get; }

    /// <summary>The tools, in the order of the wire.</summary>
    public IReadOnlyList<WireTool> Tools { get; }

    /// <summary>All other members of the request, in the order of the wire.</summary>
    public IReadOnlyList<WireParameter> Parameters { get; }

    /// <summary>Reads them by the names that a dialect has for them.</summary>
    /// <param name="request">The whole payload.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="toolsOf">The tools that an entry of the list of tools stands for; by default itself.</param>
    /// <param name="groups">Members that are groups of parameters.</param>
    /// <param name="furtherTools">A further member with tools.</param>
    internal static WireGiven Read(
        JsonElement request, Dialect dialect, Func<JsonElement, IEnumerable<WireTool>>? toolsOf = null, string? groups = null, string? furtherTools = null)
    {
        string? instructions = null;
        var tools = new List<WireTool>();
        var parameters = new List<WireParameter>();
        if (request.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in request.EnumerateObject())
            {
                var name = JsonText.Name(member, out _);
                if (name == dialect.Instructions)
                {
                    instructions = TextOf(member.Value);
                }
                else if ((name == dialect.Tools || name == furtherTools) && member.Value.ValueKind == JsonValueKind.Array)
                {
                    foreach (var entry in member.Value.EnumerateArray())
                    {
                        tools.AddRange(toolsOf?.Invoke(entry) ?? [WireTool.Read(entry)]);
                    }
                }
                else if (name == groups && member.Value.ValueKind == JsonValueKind.Object)
                {
                    foreach (var parameter in member.Value.EnumerateObject())
                    {
                        parameters.Add(new WireParameter($"{name}.{JsonText.Name(parameter, out _)}", parameter.Value));
                    }
                }
                else if (name != dialect.RequestList && name != dialect.PreviousResponse && name is not (SpanMembers.Attributes or SpanMembers.Events or PayloadMarkerName.Error))
                {
                    parameters.Add(new WireParameter(name, member.Value));
                }
            }
        }

        return new WireGiven(instructions, tools, parameters);
    }

    // A string, a block with text, or blocks, in a list or in a message with parts.
    private static string? TextOf(JsonElement instructions)
    {
        if (JsonText.Read(instructions, out _) is { } text)
        {
            return text;
        }

        if (instructions.ValueKind == JsonValueKind.Array)
        {
            var joined = new StringBuilder();
            foreach (var block in instructions.EnumerateArray())
            {
                if (TextOf(block) is { } said)
                {
                    joined.Append(joined.Length > 0 ? "\n" : "").Append(said);
                }
            }

            return joined.Length > 0 ? joined.ToString() : null;
        }

        foreach (var member in (string[])["text", "content", "parts"])
        {
            if (JsonText.Member(instructions, member) is { ValueKind: JsonValueKind.String or JsonValueKind.Array } inner)
            {
                return TextOf(inner);
            }
        }

        return null;
    }
}
