using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using RolloutTrace.Analysis;
using RolloutTrace.ClientModel;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Requests_are_recorded_byte_for_byte_as_the_server_got_them_and_retries_are_requests_of_their_own(bool byPolicy, bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            Answer.Fails(500), Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny.")));
        using var handler = new HttpClient(new RolloutTracingHttpHandler(new SocketsHttpHandler()));
        var client = app.Client(
            builder => builder.UseFunctionInvocation().UseRolloutTracing(options => options.FromWire = true),
            retries: 1,
            options => Tap(options, byPolicy ? null : handler));

        var response = streams
            ? await client.GetStreamingResponseAsync("And?", Weather.Options(Weather.Tool)).ToChatResponseAsync()
            : await client.GetResponseAsync("And?", Weather.Options(Weather.Tool));

        response.Messages[^1].Text.ShouldBe("It is sunny.");
        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(
            """
            /root completed
              turn completed
                request failed: 2 items -> 
                request completed: 2 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> "sunny in Oslo"
                request completed: 4 items -> assistant: It is sunny. (100/10)

            """);
        rollout.Diagnostics.ShouldBeEmpty();
        foreach (var (call, received) in rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).Zip(app.Model.Requests))
        {
            using var recorded = rollout.Bundle!.ReadPayload(rollout.Graph.RawPayloads[call.RawRequestPayloadId]);
            JsonNode.DeepEquals(JsonNode.Parse(recorded.Span), received.Body).ShouldBeTrue();
        }

        app.Model.Requests.Count.ShouldBe(3);
    }

    private static void Tap(OpenAIClientOptions options, HttpClient? client)
    {
        if (client is null)
        {
            options.AddPolicy(new RolloutTracingPolicy(), PipelinePosition.BeforeTransport);
        }
        else
        {
            options.Transport = new HttpClientPipelineTransport(client);
        }
    }
}
