using System.ComponentModel;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Frameworks.Tests.Support;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Frameworks.Tests;

/// <summary>Semantic Kernel with a plugin, and nothing of ours but the one line in the pipeline.</summary>
public sealed class SemanticKernelTests
{
    static SemanticKernelTests() => AppContext.SetSwitch("Microsoft.SemanticKernel.Experimental.GenAI.EnableOTelDiagnosticsSensitive", true);

    [Fact]
    public async Task A_plugin_called_by_the_model_over_two_runs()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var kernel = Kernel(model);
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(), Temperature = 0.5 };
        var history = new ChatHistory("Be brief.");
        history.AddUserMessage("""call weather-get {"city":"Oslo"} and call weather-get {"city":"Bergen"}""");
        history.Add(await chat.GetChatMessageContentAsync(history, settings, kernel));
        history.AddUserMessage("thanks");
        await chat.GetChatMessageContentAsync(history, settings, kernel);

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts, cachedTokens: 0);
        rollouts.ShouldBeSound();
        Snapshot.Match(recorded.Story());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filter_that_changes_the_arguments_of_a_call_leaves_its_conversation_one(bool streams)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var kernel = Kernel(model);
        kernel.AutoFunctionInvocationFilters.Add(new Mover());
        var history = new ChatHistory("Be brief.");
        foreach (var question in (string[])["""call weather-get {"city":"Oslo"}""", "thanks"])
        {
            await Ask(kernel, history, question, streams);
        }

        var rollout = recorded.Rollouts().ShouldHaveSingleItem();
        rollout.Graph.Threads.Count.ShouldBe(1);
        rollout.Graph.ToolCalls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_function_that_fails_is_a_failed_call(bool streams)
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var kernel = Kernel(model);
        var history = new ChatHistory("Be brief.");
        await Ask(kernel, history, "call weather-fail {} and call weather-get {\"city\":\"Oslo\"}", streams);

        var rollout = recorded.Rollouts().ShouldHaveSingleItem();
        rollout.Graph.ToolCalls.Values.OrderBy(call => call.Execution.StartedSeq).Select(call => call.Execution.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed]);
    }

    [Fact]
    public async Task What_a_stream_says_around_a_call_may_be_kept_as_one_text()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var kernel = Kernel(model);
        var history = new ChatHistory("Be brief.");
        foreach (var question in (string[])["""say Let me look. and call weather-get {"city":"Oslo"}""", "thanks", "bye"])
        {
            await Ask(kernel, history, question, streams: true);
        }

        var rollout = recorded.Rollouts().ShouldHaveSingleItem();
        history.ShouldContain(message => message.Content == "Let me look.Answer 2 to: rain in Oslo");
        rollout.Graph.Threads.Count.ShouldBe(1);
        rollout.Graph.InferenceCalls.Count.ShouldBe(4);
        rollout.Graph.ToolCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_prompt_function_around_it_is_the_turn()
    {
        using var model = new ScriptedModel();
        using var recorded = new Recorded();
        var kernel = Kernel(model);
        var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        await kernel.InvokePromptAsync("""call weather-get {"city":"Oslo"}""", new KernelArguments(settings));

        var rollouts = recorded.Rollouts();
        model.ShouldBeRecorded(rollouts, cachedTokens: 0);
        rollouts.ShouldBeSound();
        rollouts.Single().Graph.CodexTurns.Count.ShouldBe(1);
        rollouts.Single().Graph.ToolCalls.Count.ShouldBe(1);
    }

    private static Kernel Kernel(ScriptedModel model)
    {
        var builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion("scripted", Chat.Client(model));
        builder.Plugins.AddFromType<WeatherPlugin>("weather");
        return builder.Build();
    }

    // A program that reads a stream keeps it as one text.
    private static async Task Ask(Kernel kernel, ChatHistory history, string question, bool streams)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        history.AddUserMessage(question);
        if (!streams)
        {
            history.Add(await chat.GetChatMessageContentAsync(history, settings, kernel));
            return;
        }

        var text = new System.Text.StringBuilder();
        await foreach (var piece in chat.GetStreamingChatMessageContentsAsync(history, settings, kernel))
        {
            text.Append(piece.Content);
        }

        history.AddAssistantMessage(text.ToString());
    }

    private sealed class Mover : IAutoFunctionInvocationFilter
    {
        public Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
        {
            context.Arguments!["city"] = "Bergen";
            return next(context);
        }
    }

    private sealed class WeatherPlugin
    {
        [KernelFunction("get")]
        [Description("Weather in a city")]
        public static string Get(string city) => $"rain in {city}";

        [KernelFunction("fail")]
        public static string Fail() => throw new InvalidOperationException("no station");
    }
}
