using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.ClientModel.Tests;

/// <summary>The policy in a client of its own, with handles and a server on loopback.</summary>
public sealed class PolicyTests
{
    private static readonly ChatMessage[] Question = [new UserChatMessage("And?")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_attempt_is_a_request_of_its_own_with_what_was_sent_and_the_status(bool isAsync)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Fails(500), Answer.Fails(429), Answer.Says("It is sunny.")));
        using var session = RolloutTracing.StartSession(new() { Model = app.ModelName });
        using var turn = session.StartTurn();
        var client = Client(app, retries: 2);

        using (var wire = WireExchange.Begin(json => turn.StartModelRequest(app.ModelName, json)))
        {
            var completion = isAsync ? await client.CompleteChatAsync(Question) : client.CompleteChat(Question);
            completion.Value.Content[0].Text.ShouldBe("It is sunny.");
            wire.Complete();
        }

        turn.Complete();
        session.Complete();
        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).Select(call => call.Execution.Status)
            .ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Failed, ExecutionStatus.Completed]);
        Story.Of(rollout).ShouldContain("request completed: 1 items -> assistant: It is sunny. (100/10)");
        rollout.Bundle!.ReadEvents().Select(read => read.Event?.Payload).OfType<InferenceFailedEvent>().Select(failed => failed.Error).ShouldBe(["HTTP 500", "HTTP 429"]);
    }

    [Fact]
    public async Task No_update_of_a_stream_waits_for_the_ones_behind_it()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("It is sunny.") with { Gate = gate }));
        using var session = RolloutTracing.StartSession(new() { Model = app.ModelName });
        using var turn = session.StartTurn();
        using var wire = WireExchange.Begin(json => turn.StartModelRequest(app.ModelName, json));

        // The server sends nothing more until the first update has come out here.
        var text = "";
        await foreach (var update in Client(app).CompleteChatStreamingAsync(Question))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            gate.TrySetResult();
        }

        wire.Complete();
        turn.Complete();
        session.Complete();
        text.ShouldBe("It is sunny.");
        Story.Of(app.Bundle()).ShouldContain("request completed: 1 items -> assistant: It is sunny. (100/10)");
    }

    [Fact]
    public async Task A_stream_that_is_left_keeps_what_had_arrived()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("It is sunny.") with { Gate = gate }));
        using var session = RolloutTracing.StartSession(new() { Model = app.ModelName });
        using var turn = session.StartTurn();
        using var wire = WireExchange.Begin(json => turn.StartModelRequest(app.ModelName, json));

        await foreach (var update in Client(app).CompleteChatStreamingAsync(Question))
        {
            break;
        }

        wire.Cancel("enough");
        gate.TrySetResult();
        turn.Cancel();
        session.Complete();
        Story.Of(app.Bundle()).ShouldContain("request cancelled: 1 items -> ");
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_each_attempt_with_the_clients_exception()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("no")));
        using var session = RolloutTracing.StartSession(new() { Model = app.ModelName });
        using var turn = session.StartTurn();
        using var wire = WireExchange.Begin(json => turn.StartModelRequest(app.ModelName, json));
        await app.Model.DisposeAsync();

        var failure = await Should.ThrowAsync<Exception>(async () => await Client(app, retries: 1).CompleteChatAsync(Question));
        wire.Fail(failure);

        turn.Fail(failure);
        session.Complete();
        app.Bundle().Graph.InferenceCalls.Values.Select(call => call.Execution.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Failed]);
    }

    [Fact]
    public async Task Where_no_exchange_is_current_everything_passes_as_it_is()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("It is sunny.")));

        (await Client(app).CompleteChatAsync(Question)).Value.Content[0].Text.ShouldBe("It is sunny.");

        app.Bundles().ShouldBeEmpty();
    }

    private static ChatClient Client(TracedApplication app, int retries = 0)
    {
        var options = new OpenAIClientOptions { Endpoint = app.Model.Address, RetryPolicy = new ClientRetryPolicy(retries) };
        options.AddPolicy(new RolloutTracingPolicy(), PipelinePosition.BeforeTransport);
        return new OpenAIClient(new ApiKeyCredential("none"), options).GetChatClient(app.ModelName);
    }
}
