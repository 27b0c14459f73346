using RolloutTrace.AgentStation;

// Agents that call each other over every border there is. Each process records with the one line AddRolloutTracing(), and nothing else
// is between them but what travels anyway.
return args[0] switch
{
    "mcp" => await Stations.ServeMcpAsync(int.Parse(args[1])),
    "mcp-http" => await Stations.ServeMcpOverHttpAsync(int.Parse(args[1])),
    "http" => await Stations.ServeHttpAsync(int.Parse(args[1])),
    "ask" => await Callers.BySpansAsync(args[1], args[2], int.Parse(args[3])),
    "ask-by-handles" => await Callers.ByHandlesAsync(args[1], args[2], int.Parse(args[3]), sendsCaller: args[4] == "ids", args.ElementAtOrDefault(5)),
    _ => throw new InvalidOperationException($"unknown: {args[0]}"),
};
