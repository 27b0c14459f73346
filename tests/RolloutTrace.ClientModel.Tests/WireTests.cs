using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.ClientModel.Tests;

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

    [Theory]
    [InlineData("R", false)]
    [InlineData("R", true)]
    [InlineData("TR", false)]
    [InlineData("TR", true)]
    [InlineData("RT", false)]
    [InlineData("RT", true)]
    [InlineData("FTR", true)]
    [InlineData("FRT", true)]
    [InlineData("RF", false)]
    [InlineData("RF", true)]
    [InlineData("RFT", false)]
    [InlineData("RTF", true)]
    public async Task Wherever_the_step_stands_each_request_is_what_the_server_got(string order, bool streams)
    {
        var hasLoop = order.Contains('F', StringComparison.Ordinal);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(
            [Answer.Fails(500), .. hasLoop ? [Answer.Asks(("call_1", "weather", """{"city":"Oslo"}"""))] : Array.Empty<Answer>(), Answer.Says("It is sunny.")]));
        var client = app.Client(builder => Build(builder, order), retries: 1, options => Tap(options, client: null));

        var response = streams
            ? await client.GetStreamingResponseAsync("And?", Weather.Options(Weather.Tool)).ToChatResponseAsync()
            : await client.GetResponseAsync("And?", Weather.Options(Weather.Tool));

        response.Messages[^1].Text.ShouldBe("It is sunny.");
        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(hasLoop
            ? """
            /root completed
              turn completed
                request failed: 2 items -> 
                request completed: 2 items -> call call_1 {"city":"Oslo"} (100/10)
                weather completed call_1 -> "sunny in Oslo"
                request completed: 4 items -> assistant: It is sunny. (100/10)

            """
            : """
            /root completed
              turn completed
                request failed: 2 items -> 
                request completed: 2 items -> assistant: It is sunny. (100/10)

            """);
        rollout.Diagnostics.ShouldBeEmpty();
        ShouldBeAsReceived(rollout, app.Model);
    }

    private static void ShouldBeAsReceived(OpenRollout rollout, ScriptedModel model)
    {
        var calls = rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).ToList();
        calls.Count.ShouldBe(model.Requests.Count);
        foreach (var (call, received) in calls.Zip(model.Requests))
        {
            using var recorded = rollout.Bundle!.ReadPayload(rollout.Graph.RawPayloads[call.RawRequestPayloadId]);
            JsonNode.DeepEquals(JsonNode.Parse(recorded.Span), received.Body).ShouldBeTrue();
        }
    }

    private static void Build(ChatClientBuilder builder, string order)
    {
        foreach (var step in order)
        {
            _ = step switch
            {
                'F' => builder.UseFunctionInvocation(),
                'T' => builder.UseOpenTelemetry(),
                _ => builder.UseRolloutTracing(options => options.FromWire = true),
            };
        }
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
