using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using OpenTelemetry.Trace;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;
using RolloutTrace.Reducer;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>Tools of an MCP server, a process of its own, called through the C# SDK: the call is how the tool was carried out.</summary>
public sealed class McpTests : IDisposable
{
    private readonly string log = Path.Combine(Path.GetTempPath(), $"rollout-trace-mcp-{Guid.NewGuid():N}");

    [Theory]
    [InlineData("FT", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("FT", null)]
    [InlineData("FTR", "Experimental.Microsoft.Extensions.AI")]
    [InlineData("FTR", null)]
    [InlineData("FR", null)]
    [InlineData("RF", null)]
    [InlineData("FT", "Experimental.*")]
    [InlineData("FTR", "Experimental.*")]
    [InlineData("FR", "Experimental.*")]
    public async Task A_call_to_a_server_is_the_runtime_of_the_tool(string order, string? sources)
    {
        await using var app = new TracedApplication(
            await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""), ("call_2", "weather", """{"city":"Atlantis"}""")), Answer.Says("Done.")),
            pipeline => _ = sources is null ? pipeline : pipeline.AddSource(sources));
        var client = app.Client(builder => Pipeline.In(order, builder, hasContent: true));
        await using var station = await StationAsync();

        await client.GetResponseAsync("And the weather?", new() { Tools = [.. await station.ListToolsAsync()] });

        var rollout = app.Bundle();
        Check(rollout);
        RolloutAnomalies.Find(rollout).ShouldHaveSingleItem().Message.ShouldEndWith("failed: An error occurred invoking 'weather': no such city");
    }

    [Fact]
    public async Task A_call_that_a_handle_stands_around_is_its_runtime()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Done.")));
        await using var station = await StationAsync();
        var tool = (await station.ListToolsAsync()).Single();
        var session = RolloutTracing.StartSession(new() { Model = app.ModelName, ProviderName = "openai" });
        var turn = session.StartTurn();
        var request = turn.StartModelRequest(null, JsonPayload.OfJson("""{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"And the weather?"}]}]}"""));
        request.Complete("resp_1", null, JsonPayload.OfJson("""
            [{"type":"function_call","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Oslo\"}"},
            {"type":"function_call","call_id":"call_2","name":"weather","arguments":"{\"city\":\"Atlantis\"}"}]
            """));
        var items = new JsonArray();
        foreach (var (callId, city) in (IEnumerable<(string, string)>)[("call_1", "Oslo"), ("call_2", "Atlantis")])
        {
            var call = turn.StartToolCall(new() { Name = "weather", CallId = callId, Arguments = JsonPayload.OfJson($$"""{"city":"{{city}}"}"""), CausedBy = request });
            var result = await tool.CallAsync(new Dictionary<string, object?> { ["city"] = city });
            var output = new JsonObject { ["type"] = "function_call_output", ["call_id"] = callId, ["output"] = JsonSerializer.Serialize(result, ModelContextProtocol.McpJsonUtilities.DefaultOptions) };
            JsonPayload item = output;
            items.Add(output);
            if (result.IsError == true)
            {
                call.Fail("the server says so", "tool_error", item);
            }
            else
            {
                call.Complete(item);
            }
        }

        turn.StartModelRequest(null, new JsonObject { ["previous_response_id"] = "resp_1", ["input"] = items }).Complete("resp_2", null, JsonPayload.OfJson("[]"));
        turn.Complete();
        session.Complete();

        Check(app.Bundle());
    }

    [Fact]
    public async Task A_runtime_that_the_program_tells_itself_is_the_only_one()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Done.")));
        await using var station = await StationAsync();
        var tool = (await station.ListToolsAsync()).Single();
        var session = RolloutTracing.StartSession(new() { Model = app.ModelName });
        var turn = session.StartTurn();
        var call = turn.StartToolCall(new() { Name = "weather", Arguments = JsonPayload.OfJson("""{"city":"Oslo"}"""), McpServer = "station" });
        string? id;
        using (var runtime = call.StartMcpCall(JsonPayload.OfJson("""{"city":"Oslo"}""")))
        {
            id = call.AssignMcpCallId();
            await tool.CallAsync(new Dictionary<string, object?> { ["city"] = "Oslo" });
            runtime.Complete(JsonPayload.OfJson("""{"content":[]}"""));
        }

        call.Complete();
        turn.Complete();
        session.Complete();

        var recorded = app.Bundle().Graph.ToolCalls.Values.Single();
        recorded.McpCallId.ShouldBe(id);
        recorded.RawRuntimePayloadIds.Count.ShouldBe(2);
    }

    public void Dispose() => File.Delete(log);

    private void Check(OpenRollout rollout)
    {
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutAnomalies.Find(rollout).Select(anomaly => anomaly.Code).ShouldAllBe(code => code == AnomalyCodes.CallFailed);
        var heard = File.ReadAllLines(log).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
        rollout.Graph.ToolCalls.Values.Select(tool => tool.ModelVisibleCallId).ShouldBe(["call_1", "call_2"], ignoreOrder: true);
        foreach (var tool in rollout.Graph.ToolCalls.Values)
        {
            var city = tool.ModelVisibleCallId == "call_1" ? "Oslo" : "Atlantis";
            tool.Execution.Status.ShouldBe(city == "Oslo" ? ExecutionStatus.Completed : ExecutionStatus.Failed);

            // What the server was told is what the bundle has.
            heard[city].ShouldStartWith($"00-{tool.McpCallId}-");
            tool.RawRuntimePayloadIds.Count.ShouldBe(2);
            var end = JsonNode.Parse(rollout.Bundle!.ReadPayload(rollout.Graph.RawPayloads[tool.RawRuntimePayloadIds[1]]).Span)!;
            ((string?)end["call_id"]).ShouldBe(tool.ToolCallId);
            ((string?)end["invocation"]!["tool"]).ShouldBe("weather");
            ((string?)end["invocation"]!["arguments"]!["city"]).ShouldBe(city);
            end["duration"]!["secs"].ShouldNotBeNull();
            ((string?)end["result"]!["Ok"]!["content"]![0]!["text"]).ShouldBe(city == "Oslo" ? "sunny in Oslo" : "An error occurred invoking 'weather': no such city");
        }
    }

    private Task<McpClient> StationAsync() => McpClient.CreateAsync(new StdioClientTransport(new()
    {
        Name = "station",
        Command = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        Arguments = [Path.Combine(AppContext.BaseDirectory, "RolloutTrace.McpStation.dll"), log],
    }));
}
