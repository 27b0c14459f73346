using System.ClientModel;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

public sealed class RequestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lone_request_is_a_turn(bool streams)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello to you")));
        var client = app.Client(builder => builder.UseRolloutTracing());

        var response = streams ? await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync() : await client.GetResponseAsync("Hi");

        response.Text.ShouldBe("Hello to you");
        var rollout = app.Bundle();
        Story.Of(rollout).ShouldBe(
            """
            /root completed
              turn completed
                request completed: 1 items -> assistant: Hello to you (100/10)

            """);
        var call = rollout.Graph.InferenceCalls.Values.Single();
        call.ResponseId.ShouldBe("chatcmpl-1");
        call.Model.ShouldBe(app.ModelName);
        call.ProviderName.ShouldBe("openai");
        call.Usage!.CachedInputTokens.ShouldBe(40);
        call.Usage.ReasoningOutputTokens.ShouldBe(4);
    }

    [Fact]
    public async Task What_a_request_was_given_beside_messages_is_there()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello")));
        var client = app.Client(builder => builder.UseRolloutTracing());

        await client.GetResponseAsync("Hi", Weather.Options(Weather.Tool));

        var rollout = app.Bundle();
        var given = rollout.GivenOf(rollout.Graph.InferenceCalls.Values.Single())!;
        given.Instructions.ShouldBe("Be brief.");
        var tool = given.Tools.ShouldHaveSingleItem();
        tool.Name.ShouldBe("weather");
        tool.Description.ShouldBe("Tells the weather.");
        given.Parameters.Single(parameter => parameter.Name == "temperature").Value.ShouldBe("0.2");
    }

    [Fact]
    public async Task A_request_that_waits_is_recorded_before_its_answer()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello") with { Gate = gate }));
        var client = app.Client(builder => builder.UseRolloutTracing());

        var asking = client.GetResponseAsync("Hi");
        var waiting = app.BundleSoFar();
        gate.SetResult();
        await asking;

        Story.Of(waiting).ShouldBe(
            """
            /root running
              turn running
                request running: 1 items -> 

            """);
    }

    [Fact]
    public async Task A_request_that_fails_gives_the_caller_the_same_exception_and_says_so_in_the_bundle()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Fails(500)));
        var client = app.Client(builder => builder.UseRolloutTracing());

        var failure = await Should.ThrowAsync<ClientResultException>(client.GetResponseAsync("Hi"));

        failure.Status.ShouldBe(500);
        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn failed
                request failed: 1 items -> 

            """);
    }

    [Fact]
    public async Task A_request_that_the_caller_cancels_is_cancelled()
    {
        var gate = new TaskCompletionSource();
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello") with { Gate = gate }));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());
        using var cancellation = new CancellationTokenSource();

        var asking = client.GetResponseAsync("Hi", cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn cancelled
                request cancelled: 1 items -> 

            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_is_left_keeps_what_had_arrived(bool inLoop)
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("one two three four")));
        var client = app.Client(builder => (inLoop ? builder.UseFunctionInvocation() : builder).UseRolloutTracing());

        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Count"))
        {
            text += update.Text;
            if (text == "one two")
            {
                break;
            }
        }

        Story.Of(app.Bundle()).ShouldBe(
            """
            /root completed
              turn cancelled
                request cancelled: 1 items -> assistant: one two

            """);
    }

    [Fact]
    public async Task An_update_of_a_stream_does_not_wait_for_the_next()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("one two") with { Gate = gate }));
        var client = app.Client(builder => builder.UseRolloutTracing());

        await using var updates = client.GetStreamingResponseAsync("Count").GetAsyncEnumerator();
        (await updates.MoveNextAsync()).ShouldBeTrue();
        var first = updates.Current.Text;
        gate.Task.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        while (await updates.MoveNextAsync())
        {
        }

        first.ShouldBe("one");
    }

    [Fact]
    public async Task Where_nobody_records_nothing_is_in_the_way()
    {
        await using var model = await ScriptedModel.StartAsync(Answer.Says("Hello"));
        await using var app = new TracedApplication(model);
        var client = app.Client(builder => builder.UseRolloutTracing());
        app.Bundles().ShouldBeEmpty();

        (await client.GetResponseAsync("Hi")).Text.ShouldBe("Hello");
    }

    [Fact]
    public async Task The_client_gives_the_services_of_the_clients_inside()
    {
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(Answer.Says("Hello")));
        var client = app.Client(builder => builder.UseFunctionInvocation().UseRolloutTracing());

        client.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe(app.ModelName);
        client.GetService<FunctionInvokingChatClient>().ShouldNotBeNull();
        client.GetService<OpenAI.Chat.ChatClient>().ShouldNotBeNull();
    }
}
