using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>Together with UseOpenTelemetry, in each order.</summary>
public sealed class TelemetryOrderTests
{
    private const string LoopOfRequests =
        """
        orchestrate_tools *
          chat *
          execute_tool weather *
          chat *

        """;

    public static TheoryData<string, bool, string> Orders => new()
    {
        { "FTR", false, LoopOfRequests },
        { "FTR", true, LoopOfRequests },
        { "FRT", false, LoopOfRequests },
        { "FRT", true, LoopOfRequests },
        { "TFR", false, "chat\n  orchestrate_tools *\n    chat *\n    execute_tool weather *\n    chat *\n" },
        { "TFR", true, "chat\n  orchestrate_tools *\n    chat *\n    execute_tool weather *\n    chat *\n" },
        { "RFT", false, "invoke_agent *\n  chat *\n  execute_tool weather *\n  chat *\n" },
        { "RFT", true, "invoke_agent *\n  chat *\n  execute_tool weather *\n  chat *\n" },
        { "RTF", false, "invoke_agent *\n  chat *\n  execute_tool weather *\n" },
        { "RTF", true, "invoke_agent *\n  chat *\n  execute_tool weather *\n" },
        { "TRF", false, "chat\n  invoke_agent *\n    chat *\n    execute_tool weather *\n    chat *\n" },
        { "TRF", true, "chat\n  invoke_agent *\n    chat *\n    execute_tool weather *\n    chat *\n" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Whatever_the_order_each_request_is_recorded_once_and_a_boundary_is_one_span(string order, bool streams, string tree)
    {
        using var spans = new FinishedSpans();
        await using var app = new TracedApplication(
            await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny.")),
            pipeline => pipeline.AddSource("Experimental.Microsoft.Extensions.AI").AddProcessor(spans));
        var client = app.Client(builder => Pipeline.In(order, builder));

        if (streams)
        {
            await client.GetStreamingResponseAsync("And?", Weather.Options(Weather.Tool)).ToChatResponseAsync();
        }
        else
        {
            await client.GetResponseAsync("And?", Weather.Options(Weather.Tool));
        }

        var rollout = app.Bundle();
        // Outside of function invocation the sum of the tokens is known, unless there is a span for each request.
        var tokens = !streams && order is "RTF" or "TRF" ? ("", " (200/20)") : (" (100/10)", " (100/10)");
        Story.Of(rollout).ShouldBe(
            $$"""
            /root completed
              turn completed
                request completed: 1 items -> call call_1 {"city":"Oslo"}{{tokens.Item1}}
                weather completed call_1 -> "sunny in Oslo"
                request completed: 3 items -> assistant: It is sunny.{{tokens.Item2}}

            """);
        spans.Tree(rollout.Graph.RolloutId).ShouldBe(tree);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_client_inside_of_function_invocation_tells_of_its_own_requests_is_recorded_once(bool streams)
    {
        await using var app = new TracedApplication(
            await ScriptedModel.StartAsync(Answer.Asks(("call_1", "weather", """{"city":"Oslo"}""")), Answer.Says("It is sunny.")),
            pipeline => pipeline.AddSource(Telling.Source.Name));
        var client = app.Client(builder => builder.UseRolloutTracing().UseFunctionInvocation().Use(inner => new Telling(inner)));

        if (streams)
        {
            await client.GetStreamingResponseAsync("And?", Weather.Options(Weather.Tool)).ToChatResponseAsync();
        }
        else
        {
            await client.GetResponseAsync("And?", Weather.Options(Weather.Tool));
        }

        Story.Of(app.Bundle()).Split('\n').Count(line => line.TrimStart().StartsWith("request ", StringComparison.Ordinal)).ShouldBe(2);
    }

    private sealed class Telling(IChatClient inner) : DelegatingChatClient(inner)
    {
        public static readonly ActivitySource Source = new("Acme.Chat");

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            using var span = Start();
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            using var span = Start();
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }
        }

        private static Activity? Start() => Source.StartActivity("chat acme", ActivityKind.Client)?.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "acme");
    }
}
