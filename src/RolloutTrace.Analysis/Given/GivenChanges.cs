namespace RolloutTrace.Analysis.Given;

/// <summary>Compares what two requests gave. Linear in their length.</summary>
internal static class GivenChanges
{
    /// <summary>
    /// What is not the same; null if all is. Of requests to different APIs only what both have words for is compared: one may have
    /// its instructions in the list, and names parameters otherwise.
    /// </summary>
    public static GivenChange? Find(RequestGiven before, RequestGiven now)
    {
        var isOneApi = string.Equals(before.Dialect, now.Dialect, StringComparison.Ordinal);
        var change = new GivenChange
        {
            InferenceCallId = now.InferenceCallId,
            BeforeInferenceCallId = before.InferenceCallId,
            Instructions = isOneApi || (before.Instructions is not null && now.Instructions is not null)
                ? TextDifference.Find(before.Instructions, now.Instructions)
                : null,
            ToolsAdded = [],
            ToolsRemoved = [],
            ToolsChanged = [],
            AreToolsReordered = false,
            Parameters = !isOneApi || ReferenceEquals(before.Parameters, now.Parameters) ? [] : [.. Parameters(before.Parameters, now.Parameters)],
        };
        if (!ReferenceEquals(before.Tools, now.Tools))
        {
            change = WithTools(change, before.Tools, now.Tools, isOneApi);
        }

        return change.Instructions is not null || change.AreToolsChanged || change.Parameters.Count > 0 ? change : null;
    }

    /// <summary>What a tool is called in answers, also one without a name.</summary>
    public static string NameOf(GivenTool tool) => tool.Name ?? "(a tool without a name)";

    /// <summary>The first place where two definitions of a tool differ; null if there is none.</summary>
    public static JsonDifference? Find(GivenTool before, GivenTool now, bool isOneApi)
    {
        if (isOneApi)
        {
            return JsonDifference.Find(before.Definition, now.Definition);
        }

        return TextDifference.Find(before.Description, now.Description) is { } change
            ? new JsonDifference("description", change)
            : JsonDifference.Find(before.Schema ?? "null", now.Schema ?? "null") is { } difference
                ? difference with { Member = difference.Member.Length == 0 ? "schema" : $"schema.{difference.Member}" }
                : null;
    }

    private static GivenChange WithTools(GivenChange change, IReadOnlyList<GivenTool> before, IReadOnlyList<GivenTool> now, bool isOneApi)
    {
        // Of several tools of one name, the first belongs to the first.
        var left = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (var i = 0; i < before.Count; i++)
        {
            if (!left.TryGetValue(NameOf(before[i]), out var places))
            {
                left.Add(NameOf(before[i]), places = new Queue<int>());
            }

            places.Enqueue(i);
        }

        var (added, changed) = (new List<string>(), new List<ToolChange>());
        var (last, isReordered) = (-1, false);
        foreach (var tool in now)
        {
            if (!left.TryGetValue(NameOf(tool), out var places) || places.Count == 0)
            {
                added.Add(NameOf(tool));
                continue;
            }

            var place = places.Dequeue();
            isReordered |= place < last;
            last = Math.Max(last, place);
            if (Find(before[place], tool, isOneApi) is { } difference)
            {
                changed.Add(new ToolChange { Name = NameOf(tool), Member = difference.Member, Change = difference.Change });
            }
        }

        var removed = left.Values.SelectMany(static places => places).Order().Select(i => NameOf(before[i]));
        return change with { ToolsAdded = added, ToolsRemoved = [.. removed], ToolsChanged = changed, AreToolsReordered = isReordered };
    }

    private static IEnumerable<ParameterChange> Parameters(IReadOnlyList<GivenParameter> before, IReadOnlyList<GivenParameter> now)
    {
        var was = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in before)
        {
            was[parameter.Name] = parameter.Value;
        }

        foreach (var parameter in now)
        {
            if (!was.Remove(parameter.Name, out var value))
            {
                yield return Of(parameter.Name, null, parameter.Value);
            }
            else if (JsonDifference.Find(value, parameter.Value) is not null)
            {
                yield return Of(parameter.Name, value, parameter.Value);
            }
        }

        foreach (var parameter in before)
        {
            if (was.Remove(parameter.Name, out var value))
            {
                yield return Of(parameter.Name, value, null);
            }
        }
    }

    private static ParameterChange Of(string name, string? was, string? now) => new() { Name = name, Change = TextDifference.Find(was, now)! };
}
