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
}
