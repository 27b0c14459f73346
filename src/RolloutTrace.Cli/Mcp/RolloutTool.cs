using System.Text.Json;
using System.Text.Json.Nodes;

namespace RolloutTrace.Cli;

/// <summary>A question about rollouts as a tool of the server.</summary>
internal abstract class RolloutTool(string name, string title, string description, params IReadOnlyList<ToolParameter> parameters)
{
    /// <summary>What a client calls it by.</summary>
    public string Name => name;

    /// <summary>What people see of it.</summary>
    public string Title => title;

    /// <summary>What a model is told about it.</summary>
    public string Description => description;

    /// <summary>What it is called with.</summary>
    public JsonElement Schema { get; } = SchemaOf(parameters);

    /// <summary>One page of the answer.</summary>
    /// <param name="given">What the call gives.</param>
    /// <param name="rollouts">Where rollouts are.</param>
    /// <exception cref="QueryException">It cannot be answered, for a reason that the message gives.</exception>
    /// <exception cref="Bundle.BundleException">A bundle cannot be read.</exception>
    public ToolPage Answer(IDictionary<string, JsonElement>? given, ServedRollouts rollouts) => Answer(new ToolArguments(parameters, given), rollouts);

    protected abstract ToolPage Answer(ToolArguments arguments, ServedRollouts rollouts);

    /// <summary>Opens the rollout that a call means, and asks about it. What it has not is said with its name.</summary>
    protected static ToolPage OfOne(ToolArguments arguments, ServedRollouts rollouts, Func<RolloutQuestion, ToolPage> ask)
    {
        var cursor = ToolCursor.Of(arguments);
        var (rollout, meant) = rollouts.Open(arguments.Text(ToolParameter.Rollout), cursor);
        var head = new JsonObject { ["rollout"] = meant.Name };
        if (CommandConsole.LossesOf(rollout) is > 0 and var losses)
        {
            head["defects"] = $"{Wording.Of(losses, "defect")} of the bundle; this is from what is sound";
        }

        try
        {
            return ask(new RolloutQuestion(rollout, head, arguments, cursor with { Rollout = meant.Name, Within = 0 }));
        }
        catch (QueryException e)
        {
            throw new QueryException($"{meant.Name}: {e.Message}");
        }
    }

    private static JsonElement SchemaOf(IReadOnlyList<ToolParameter> parameters)
    {
        var properties = new JsonObject();
        foreach (var parameter in parameters)
        {
            properties[parameter.Name] = parameter.Schema();
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (parameters.Any(static parameter => parameter.IsRequired))
        {
            schema["required"] = new JsonArray([.. parameters.Where(static parameter => parameter.IsRequired).Select(static parameter => JsonValue.Create(parameter.Name))]);
        }

        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }
}
