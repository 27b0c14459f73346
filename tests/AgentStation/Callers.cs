using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.AgentStation;

/// <summary>Agents that call a station as a tool, once or several times in one conversation.</summary>
internal static class Callers
{
    /// <summary>One that is known by the spans of Microsoft.Extensions.AI alone.</summary>
    /// <param name="station">What it calls: <c>mcp:N</c> for one that it starts, <c>mcp-http:URL</c> or <c>http:URL</c>.</param>
    /// <param name="question">What it is asked.</param>
    /// <param name="times">How often.</param>
    public static async Task<int> BySpansAsync(string station, string question, int times)
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddRolloutTracing().Build();
        using var agent = new StationAgent("caller");
        var (client, tool) = await ToolAsync(station);
        await using var connection = client;
        for (var i = 1; i <= times; i++)
        {
            Console.WriteLine(await agent.AskAsync($"{question} {i}", tool));
        }

        return 0;
    }

    /// <summary>One that records itself by handles.</summary>
    /// <param name="station">As above.</param>
    /// <param name="question">What it is asked.</param>
    /// <param name="times">How often.</param>
    /// <param name="sendsCaller">Whether its ids go along, in baggage.</param>
    /// <param name="resumes">The bundle from which it goes on; null for a session that begins.</param>
    public static async Task<int> ByHandlesAsync(string station, string question, int times, bool sendsCaller, string? resumes)
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddRolloutTracing().Build();
        var (client, tool) = await ToolAsync(station);
        await using var connection = client;
        var options = new AgentSessionOptions { Model = "station-1", SendCaller = sendsCaller };
        using var session = resumes is null ? RolloutTracing.StartSession(options) : RolloutTracing.ResumeSession(resumes, options);
        for (var i = 1; i <= times; i++)
        {
            Console.WriteLine(await TurnAsync(session, tool, $"{question} {i}", i));
        }

        session.Complete();
        return 0;
    }

    private static async Task<string> TurnAsync(AgentSession session, AIFunction function, string question, int number)
    {
        using var turn = session.StartTurn();
        var asked = $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":{{JsonSerializer.Serialize(question)}}}]}""";
        var arguments = JsonSerializer.Serialize(new Dictionary<string, string> { ["question"] = question });
        var called = $$"""{"type":"function_call","call_id":"call_{{number}}","name":"ask","arguments":{{JsonSerializer.Serialize(arguments)}}}""";
        using var request = turn.StartModelRequest("station-1", JsonPayload.OfJson($$"""{"model":"station-1","input":[{{asked}}]}"""));
        request.Complete($"resp_{number}a", new TokenUsage(10, 2), JsonPayload.OfJson($"[{called}]"));
        using var tool = turn.StartToolCall(new() { Name = "ask", CallId = $"call_{number}", Arguments = JsonPayload.OfJson(arguments), CausedBy = request });
        var answer = Text(await function.InvokeAsync(new AIFunctionArguments { ["question"] = question }));
        var got = $$"""{"type":"function_call_output","call_id":"call_{{number}}","output":{{JsonSerializer.Serialize(answer)}}}""";
        tool.Complete(JsonPayload.OfJson(got));
        using var last = turn.StartModelRequest("station-1", JsonPayload.OfJson($$"""{"model":"station-1","input":[{{asked}},{{called}},{{got}}]}"""));
        last.Complete($"resp_{number}b", new TokenUsage(10, 2), JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Thanks."}]}]"""));
        turn.Complete();
        return answer;
    }

    private static string Text(object? result) => result switch
    {
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement element => string.Concat(element.GetProperty("content").EnumerateArray().Select(static block => block.GetProperty("text").GetString())),
        TextContent text => text.Text,
        _ => result?.ToString() ?? "",
    };

    private static async Task<(McpClient? Client, AIFunction Tool)> ToolAsync(string station)
    {
        var (kind, place) = (station[..station.IndexOf(':', StringComparison.Ordinal)], station[(station.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        if (kind == "http")
        {
            return (null, AIFunctionFactory.Create((string question) => PostAsync(new Uri(new Uri(place), Stations.Path), question), "ask", "Asks the station's agent."));
        }

        var client = kind == "mcp"
            ? await Stations.StartMcpAsync(int.Parse(place))
            : await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(place), TransportMode = HttpTransportMode.StreamableHttp }));
        return (client, (await client.ListToolsAsync()).Single());
    }

    private static async Task<string> PostAsync(Uri address, string question)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var content = new StringContent(question);
        using var response = await client.PostAsync(address, content);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
