using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

/// <summary>What a span says is read after it has ended, by somebody else: nothing is lost by it, and nobody waits for it.</summary>
public sealed class DeferredReadingTests
{
    // Nobody waits for ever, whatever is wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_program_whose_spans_cannot_be_read_goes_on_and_what_was_not_read_is_counted()
    {
        const int AskedAfter = 300;
        var question = new string('x', 64 << 10);
        var program = Environment.CurrentManagedThreadId;
        using var isStuck = new ManualResetEventSlim();
        using var canRead = new ManualResetEventSlim();
        using var agent = new ForeignAgent(options => options.Redact = payload =>
        {
            // Whoever has to know at once what came of a span may read it too, and is not kept.
            if (Environment.CurrentManagedThreadId != program)
            {
                isStuck.Set();
                canRead.Wait(Patience);
            }

            return payload.Content;
        });
        var asked = 0;
        using (agent.Agent("helper"))
        {
            do
            {
                agent.Chat(question).Dispose();
                asked++;
            }
            while (!isStuck.Wait(100) && asked < 1000);
            isStuck.IsSet.ShouldBeTrue();
            for (var i = 0; i < AskedAfter; i++)
            {
                agent.Chat(question).Dispose();
            }
        }

        canRead.Set();
        agent.Recorder.Flush();

        asked += AskedAfter;
        var notRead = (int)agent.Recorder.Metric("rollout.recorder.spans.not_read");
        notRead.ShouldBeInRange(1, AskedAfter);
        var result = RolloutReducer.Reduce(agent.Recorder.Bundle);
        result.Diagnostics.ShouldBeEmpty();
        (result.Graph.InferenceCalls.Count + notRead).ShouldBeInRange(asked, asked + 1);
        result.Graph.InferenceCalls.Values.ShouldAllBe(call => call.Execution.Status == ExecutionStatus.Completed);
    }

    [Fact]
    public void While_nothing_can_be_read_the_clock_costs_one_thread_and_not_one_each_time()
    {
        var program = Environment.CurrentManagedThreadId;
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        using var isStuck = new ManualResetEventSlim();
        using var canRead = new ManualResetEventSlim();
        using var agent = new ForeignAgent(options =>
        {
            options.TimeProvider = clock;
            options.Redact = payload =>
            {
                if (Environment.CurrentManagedThreadId != program)
                {
                    isStuck.Set();
                    canRead.Wait(Patience);
                }

                return payload.Content;
            };
        });
        using var helper = agent.Agent("helper");
        for (var i = 0; i < 1000 && !isStuck.IsSet; i++)
        {
            agent.Chat("hello").Dispose();
            isStuck.Wait(100);
        }

        isStuck.IsSet.ShouldBeTrue();
        Thread[] ticks = [Ticking(clock), Ticking(clock), Ticking(clock)];

        SpinWait.SpinUntil(() => ticks.Count(static tick => tick.IsAlive) <= 1, Patience / 2).ShouldBeTrue();

        canRead.Set();
        ticks.ShouldAllBe(tick => tick.Join(Patience));
    }

    [Fact]
    public void The_order_is_that_in_which_spans_ended_however_many_wait()
    {
        using var agent = new ForeignAgent();
        using (agent.Agent("helper"))
        {
            for (var i = 0; i < 100; i++)
            {
                agent.Chat($"question {i}").Dispose();
            }
        }

        var graph = agent.Reduce();
        graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq)
            .Select(call => ((TextPart)graph.ConversationItems[call.RequestItemIds[^1]].Body.Parts[0]).Text)
            .ShouldBe(Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"question {i}")));
    }

    [Fact]
    public void What_a_span_is_told_is_what_the_bundle_has_of_it_though_it_was_not_read_by_then()
    {
        var ended = new Ended();
        using var agent = new ForeignAgent();
        using var recorded = Sdk.CreateTracerProviderBuilder().AddSource(agent.SourceName).SetSampler(new AlwaysOnSampler()).AddProcessor(ended).Build();
        using (agent.Agent("planner"))
        {
            for (var i = 0; i < 8; i++)
            {
                Ask(agent, i, failures: i % 3);
                using (agent.Tool("ask_finder", $"call-{i}"))
                using (agent.Agent("finder"))
                {
                    Ask(agent, i, failures: 0);
                }
            }
        }

        var graph = agent.Reduce();
        foreach (var (threadId, turnId, id, name) in ended.Told)
        {
            switch (name)
            {
                case "rollout.inference.id":
                    var call = graph.InferenceCalls[id];
                    (call.ThreadId, call.CodexTurnId, call.Execution.Status).ShouldBe((threadId, turnId, ExecutionStatus.Completed));
                    break;
                default:
                    graph.ToolCalls[id].StartedByCodexTurnId.ShouldBe(turnId);
                    break;
            }
        }

        ended.Told.Select(told => told.Id).Distinct().Count().ShouldBe(24);
        ended.Chats.ShouldBe(16);
    }

    private static Thread Ticking(ManualTimeProvider clock)
    {
        var thread = new Thread(() => clock.Advance(TimeSpan.FromDays(1))) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void Ask(ForeignAgent agent, int i, int failures)
    {
        using var chat = agent.Chat($"question {i}");
        for (var attempt = 0; attempt <= failures; attempt++)
        {
            using var sent = agent.Send();
            sent.SetTag("http.request.method", "POST");
            sent.SetTag("http.response.status_code", attempt < failures ? 503 : 200);
        }

        chat.SetTag("gen_ai.output.messages", $$$"""[{"role":"assistant","parts":[{"type":"tool_call","id":"call-{{{i}}}","name":"ask_finder","arguments":{}}]}]""");
    }

    private sealed class Ended : BaseProcessor<Activity>
    {
        private int chats;

        public ConcurrentQueue<(string ThreadId, string TurnId, string Id, string Name)> Told { get; } = new();

        public int Chats => chats;

        public override void OnEnd(Activity data)
        {
            foreach (var name in (string[])["rollout.inference.id", "rollout.tool.id"])
            {
                if (data.GetTagItem(name) is string id)
                {
                    Interlocked.Add(ref chats, name == "rollout.inference.id" ? 1 : 0);
                    Told.Enqueue((Said(data, "rollout.thread.id"), Said(data, "rollout.turn.id"), id, name));
                }
            }
        }

        private static string Said(Activity span, string name) => span.GetTagItem(name).ShouldBeOfType<string>();
    }
}
