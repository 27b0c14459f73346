using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Frameworks.Tests.Support;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Frameworks.Tests;

/// <summary>Microsoft.Extensions.AI with function invocation, and nothing of ours but the one line in the pipeline.</summary>
public sealed class ExtensionsAITests
{
    private const string Parallel = """call weather {"city":"Oslo"} and call time {"zone":"CET"}""";

    [Fact]
    public async Task A_conversation_with_parallel_calls_over_two_runs()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        var history = new List<ChatMessage> { new(ChatRole.User, Parallel) };
        history.AddMessages(await client.GetResponseAsync(history, Chat.Options()));
        history.Add(new ChatMessage(ChatRole.User, "thanks"));
        await client.GetResponseAsync(history, Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        Snapshot.Match(recorded.Story());
    }

    [Fact]
    public async Task A_streamed_conversation()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        await foreach (var _ in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, Parallel)], Chat.Options()))
        {
        }

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.ToolCalls.Values.ShouldAllBe(tool => tool.Execution.Status == ExecutionStatus.Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Telemetry_around_function_invocation_tells_each_request_and_each_call(bool streams)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Bare(model).AsBuilder().UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true).UseFunctionInvocation().Build();
        var history = new List<ChatMessage> { new(ChatRole.User, Parallel) };
        history.AddMessages(streams
            ? await client.GetStreamingResponseAsync(history, Chat.Options()).ToChatResponseAsync()
            : await client.GetResponseAsync(history, Chat.Options()));
        history.Add(new ChatMessage(ChatRole.User, "thanks"));
        await client.GetResponseAsync(history, Chat.Options());

        var rollouts = recorded.Rollouts();
        rollouts.ShouldBeSound();
        var requests = Recorded.Requests(rollouts);
        requests.Select(request => string.Join("\n", Recorded.Saw(request.Rollout, request.Call))).Order(StringComparer.Ordinal)
            .ShouldBe(model.Exchanges.Select(exchange => string.Join("\n", exchange.Saw.Where(line => !line.StartsWith("system: ", StringComparison.Ordinal)))).Order(StringComparer.Ordinal));
        var graph = rollouts.Single().Graph;
        graph.ToolCalls.Count.ShouldBe(2);
        graph.ToolCalls.Values.ShouldAllBe(call => call.ModelVisibleOutputItemIds.Count == 1);
    }

    [Fact]
    public async Task A_tool_that_fails()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync("""call boom {"why":"test"}""", Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        var tool = rollouts.Single().Graph.ToolCalls.Values.Single();
        tool.Execution.Status.ShouldBe(ExecutionStatus.Failed);
        rollouts.Single().Index.RequestThatAskedFor(tool).ShouldNotBeNull().ResponseId.ShouldBe("chatcmpl-1");
        tool.ModelVisibleOutputItemIds.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_tool_that_works_for_long_is_in_the_bundle_before_it_ends()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        var slow = AIFunctionFactory.Create(async (string why) => await recorded.SaysAsync("tool_call_started") ? $"seen: {why}" : "nothing was recorded in a minute", "slow", "Takes its time");
        var response = await client.GetResponseAsync("""call slow {"why":"test"}""", new ChatOptions { Tools = [slow] });

        response.Text.ShouldContain("seen: test");
        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        var tool = rollouts.Single().Graph.ToolCalls.Values.Single();
        tool.Execution.Status.ShouldBe(ExecutionStatus.Completed);
        rollouts.Single().Index.RequestThatAskedFor(tool).ShouldNotBeNull().ResponseId.ShouldBe("chatcmpl-1");
    }

    [Fact]
    public async Task A_request_that_fails_for_good()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        await Should.ThrowAsync<Exception>(() => client.GetResponseAsync("fail 400", Chat.Options()));

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.InferenceCalls.Values.Single().Execution.Status.ShouldBe(ExecutionStatus.Failed);
        rollouts.Single().Graph.CodexTurns.Values.Single().Execution.Status.ShouldBe(ExecutionStatus.Failed);
    }

    [Fact]
    public async Task A_request_that_is_tried_again()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(after: provider => provider.AddHttpClientInstrumentation());
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync("fail once 500", Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.InferenceCalls.Values.OrderBy(c => c.Execution.StartedSeq).Select(c => c.Execution.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed]);
    }

    [Fact]
    public async Task What_a_program_asks_again_after_a_failure_is_in_the_same_rollout()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        List<ChatMessage> messages = [new(ChatRole.User, "fail once 400")];
        await Should.ThrowAsync<Exception>(() => client.GetResponseAsync(messages, Chat.Options()));
        messages.AddMessages(await client.GetResponseAsync(messages, Chat.Options()));
        messages.Add(new(ChatRole.User, "thanks"));
        await client.GetResponseAsync(messages, Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.CodexTurns.Values.OrderBy(t => t.Execution.StartedSeq).Select(t => t.Execution.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed, ExecutionStatus.Completed]);
    }

    [Fact]
    public async Task A_stream_that_is_left()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        await foreach (var update in client.GetStreamingResponseAsync("tell me", Chat.Options()))
        {
            if (update.Text.Length > 0)
            {
                break;
            }
        }

        var rollout = recorded.Rollouts().Single();
        var call = rollout.Graph.InferenceCalls.Values.Single();
        call.Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
        Recorded.Gave(rollout, call).ShouldBe(["assistant: Answer 1 t"]);
        new[] { rollout }.ShouldBeSound();
    }

    [Fact]
    public async Task A_request_that_is_cancelled()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.GetStreamingResponseAsync("hang", Chat.Options(), cancel.Token))
            {
                cancel.Cancel();
            }
        });

        var rollout = recorded.Rollouts().Single();
        rollout.Graph.InferenceCalls.Values.Single().Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
        new[] { rollout }.ShouldBeSound();
    }

    [Fact]
    public async Task Many_conversations_at_once_stay_apart()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: true);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            var history = new List<ChatMessage> { new(ChatRole.User, $$"""call weather {"city":"City {{i}}"}""") };
            history.AddMessages(await client.GetResponseAsync(history, Chat.Options()));
            history.Add(new ChatMessage(ChatRole.User, $"and now, {i}?"));
            history.AddMessages(await client.GetResponseAsync(history, Chat.Options()));
        }));

        var rollouts = recorded.Rollouts();
        rollouts.Count.ShouldBe(64);
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        rollouts.ShouldAllBe(r => r.Graph.CodexTurns.Count == 2 && r.Graph.InferenceCalls.Count == 3 && r.Graph.ToolCalls.Count == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neither_the_sampler_nor_a_forgotten_source_costs_anything(bool isSampledOut)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(before: provider =>
        {
            if (isSampledOut)
            {
                provider.AddSource(Chat.Source).SetSampler(new AlwaysOffSampler());
            }
        });
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync(Parallel, Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
        recorded.Exported.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_of_ones_own_is_recorded_where_the_provider_has_it()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(before: provider => provider.AddSource("Shop.Assistant"));
        using var client = Chat.Client(model, content: true, source: "Shop.Assistant");
        await client.GetResponseAsync(Parallel, Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
    }

    [Fact]
    public async Task A_source_of_ones_own_is_recorded_where_the_options_have_it()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(options => options.GenAISpans.Sources.Add("Shop.*"));
        using var client = Chat.Client(model, content: true, source: "Shop.Assistant");
        await client.GetResponseAsync(Parallel, Chat.Options());

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts);
        rollouts.ShouldBeSound();
    }

    [Fact]
    public async Task Without_content_there_is_the_structure()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        using var client = Chat.Client(model, content: false);
        await client.GetResponseAsync(Parallel, Chat.Options());

        var rollouts = recorded.Rollouts();
        rollouts.ShouldBeSound();
        Snapshot.Match(recorded.Story());
        var asked = rollouts.Single().Index.RequestsOfTurn(rollouts.Single().Graph.CodexTurns.Keys.Single())[0];
        rollouts.Single().Graph.ToolCalls.Count.ShouldBe(2);
        rollouts.Single().Graph.ToolCalls.Values.ShouldAllBe(tool => ReferenceEquals(rollouts.Single().Index.RequestThatAskedFor(tool), asked));
        Directory.EnumerateFiles(recorded.Bundles().Single(), "*", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain(text => text.Contains("\"content\":\"not captured\""));
    }

    [Fact]
    public async Task Content_that_is_not_kept_is_in_the_bundle_and_in_no_back_end()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(options => options.GenAISpans.KeepContentOnSpans = false, before: provider => provider.AddSource(Chat.Source));
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync(Parallel, Chat.Options());

        model.ShouldBeRecorded(recorded.Rollouts());
        recorded.Exported.Count.ShouldBe(5);
        recorded.Before.Count.ShouldBe(5);
        foreach (var span in recorded.Exported.Concat(recorded.Before))
        {
            span.Text.ShouldNotContain("Oslo");
            span.Text.ShouldNotContain("Be brief.");
        }
    }

    [Fact]
    public async Task Spans_say_to_which_rollout_they_belong()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(before: provider => provider.AddSource(Chat.Source));
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync("""call weather {"city":"Oslo"}""", Chat.Options());

        var rollout = recorded.Rollouts().Single();
        var tool = rollout.Graph.ToolCalls.Values.Single();
        recorded.Exported.Count.ShouldBe(4);
        recorded.Exported.ShouldAllBe(span => span.Tag("rollout.id") == rollout.Graph.RolloutId);
        recorded.Exported.ShouldAllBe(span => rollout.Graph.CodexTurns.ContainsKey(span.Tag("rollout.turn.id")!));
        var asked = recorded.Exported.Single(span => span.Tag("rollout.inference.id") == rollout.Index.RequestThatAskedFor(tool)!.InferenceCallId);
        recorded.Exported.Single(span => span.Tag("rollout.tool.id") == tool.ToolCallId).Tag("rollout.link.caused_by").ShouldBe(asked.Id);
        recorded.Exported.Single(span => span.Name == "orchestrate_tools").Tag("rollout.bundle").ShouldBe(Path.GetFileName(recorded.Bundles().Single()));
        recorded.Exported.ShouldAllBe(span => span.Tag("gen_ai.conversation.id") == null);
    }

    [Fact]
    public async Task Switched_off_there_is_nothing()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded(options => options.GenAISpans.Enabled = false, before: provider => provider.AddSource(Chat.Source));
        using var client = Chat.Client(model, content: true);
        await client.GetResponseAsync(Parallel, Chat.Options());

        recorded.Rollouts().ShouldBeEmpty();
        recorded.Exported.Count.ShouldBe(5);
        recorded.Exported.ShouldAllBe(span => span.Tag("rollout.id") == null);
    }
}
