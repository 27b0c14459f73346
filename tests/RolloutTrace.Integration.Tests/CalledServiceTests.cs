using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Joining;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests;

/// <summary>An agent that calls a service with an agent of its own over HTTP, the one line on both sides.</summary>
public sealed class CalledServiceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_service_is_below_the_call_that_reached_it_first_and_later_calls_are_tasks(bool sendsCaller)
    {
        using var pipeline = new Pipeline();
        using var service = new Pipeline(static builder => builder.AddSource("Microsoft.AspNetCore"));
        await using var app = await AgentApplication.StartAsync(service);
        using (var session = pipeline.StartSession(new() { Model = "gpt-5", SendCaller = sendsCaller }))
        using (var turn = session.StartTurn())
        {
            await CallAsync(turn, app, "call_1", "/sessions", "/turns");
            await CallAsync(turn, app, "call_2", "/turns", "/end");
            turn.Complete();
            session.Complete();
        }

        await app.DisposeAsync();
        pipeline.ShutDown();
        service.ShutDown();
        var root = Directory.CreateTempSubdirectory("rollout-trace-service-").FullName;
        try
        {
            var result = RolloutJoiner.Join([JoinSource.InDirectory(service.Bundle), JoinSource.InDirectory(pipeline.Bundle)], Path.Join(root, "joined"));
            var graph = RolloutReducer.Reduce(Path.Join(root, "joined")).Graph;

            result.Apart.ShouldBeEmpty();
            result.Parts.Count.ShouldBe(2);
            (BundleReader.Open(service.Bundle).Manifest.Caller?.ToolCallId is not null).ShouldBe(sendsCaller);
            CountOfOutgoing(pipeline.Bundle).ShouldBe(sendsCaller ? 0 : 4);
            graph.InteractionEdges.Values.Select(edge => (edge.Kind, (edge.Source as ToolCallAnchor)?.ToolCallId)).ShouldBe(
                [(InteractionEdgeKind.SpawnAgent, "call_1"), (InteractionEdgeKind.AssignAgentTask, "call_2")], ignoreOrder: true);
            graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/agent"], ignoreOrder: true);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task CallAsync(Turn turn, AgentApplication app, string callId, params string[] paths)
    {
        using var tool = turn.StartToolCall(new() { Name = "ask_service", CallId = callId });
        foreach (var path in paths)
        {
            await app.PostAsync(path);
        }

        tool.Complete(JsonPayload.OfJson($$"""{"type":"function_call_output","call_id":"{{callId}}","output":"asked"}"""));
    }

    private static int CountOfOutgoing(string bundle) =>
        BundleReader.Open(bundle).ReadEvents().Count(line => line.Event?.Payload is ProtocolEventObservedEvent { EventType: Breadcrumbs.Outgoing });
}
