using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>By what agents are known again.</summary>
internal static class AgentNames
{
    /// <summary>By what the agent of a turn is known, below whoever calls it.</summary>
    public static IReadOnlyList<string> KeysOf(TurnState turn, SpanNode? request) => KeysOf(turn, request, turn.Parent?.Thread);

    /// <summary>The same, below a caller; null for none.</summary>
    public static IReadOnlyList<string> KeysOf(TurnState turn, SpanNode? request, KnownThread? caller)
    {
        var first = turn.Node!.Reading;
        var scope = $"{caller?.ThreadId}\0{first.Service}";
        var keys = new List<string>();
        if (first.Agent.Id is { } id)
        {
            keys.Add($"{scope}\0id:{id}");
        }

        if (NameOf(turn) is { } name)
        {
            keys.Add($"{scope}\0name:{name}");
        }

        var model = request?.Reading.Chat?.Model ?? first.Agent.Model;
        if (keys.Count == 0)
        {
            keys.Add($"{scope}\0model:{model}");
        }
        else if (first.Agent.Name is null && request?.Reading.Chat?.Content.Instructions is { } instructions)
        {
            // Frameworks give an agent without a name another id in each process, and each time that it is made.
            keys.Add($"{scope}\0model:{model}\0{HistoryHash.OfText(instructions)}");
        }

        return keys;
    }

    /// <summary>What it is called. Of several agents below one, those that say nothing else are told apart by their spans' names.</summary>
    public static string? NameOf(TurnState turn) =>
        turn.Node!.Reading.Agent.Name ?? turn.Tool?.Reading.Tool?.Name ?? (turn is { Parent.Node.IsWorkflow: true, Node: { Role: SpanRole.Agent, Reading.Agent.Id: null } node } ? node.Reading.Span.Name : null);

    /// <summary>By what it is known where it is called by one of these, whichever that is.</summary>
    public static IReadOnlyList<string> OuterKeysOf(TurnState turn, IReadOnlyList<string> callerKeys)
    {
        var agent = turn.Node!.Reading.Agent;
        string?[] names = [agent.Id is { } id ? $"id:{id}" : null, agent.Name is { } name ? $"name:{name}" : null];
        return [.. callerKeys.SelectMany(caller => names.Where(static word => word is not null).Select(word => $"{caller}\0called\0{word}"))];
    }

    /// <summary>Whether a thread may be of an agent.</summary>
    public static bool MayBeOf(KnownThread thread, AgentReading agent) =>
        (agent.Id is null && agent.Name is null)
        || !thread.AgentKeys.Any(static key => key.Contains("\0id:", StringComparison.Ordinal) || key.Contains("\0name:", StringComparison.Ordinal))
        || thread.AgentKeys.Any(key => (agent.Id is not null && key.EndsWith($"\0id:{agent.Id}", StringComparison.Ordinal)) || (agent.Name is not null && key.EndsWith($"\0name:{agent.Name}", StringComparison.Ordinal)));
}
