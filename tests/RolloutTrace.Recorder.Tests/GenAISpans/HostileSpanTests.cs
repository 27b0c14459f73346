using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

/// <summary>Whatever a span holds, the program goes on, and the request was made.</summary>
public sealed class HostileSpanTests
{
    [Fact]
    public void A_tag_that_stands_twice_counts_as_it_stands_last()
    {
        using var agent = new ForeignAgent();
        var chat = agent.Chat("hello");
        chat.AddTag("gen_ai.input.messages", ForeignAgent.Message("user", "hello again"));
        chat.Dispose();

        agent.Reduce().ConversationItems.Values.ShouldHaveSingleItem().Body.Parts.ShouldHaveSingleItem().ShouldBe(new TextPart { Text = "hello again" });
    }

    [Fact]
    public void Tags_of_any_type_are_kept_as_text()
    {
        using var agent = new ForeignAgent();
        agent.Chat(
            "hello",
            ("throws", new Throwing()), ("nested", new object?[] { 1, "two", null, new[] { 3.5 } }), ("uri", new Uri("http://here")), ("not a number", double.NaN),
            ("gen_ai.usage.input_tokens", new Throwing()), ("gen_ai.usage.output_tokens", "many"), ("gen_ai.response.finish_reasons", new Throwing())).Dispose();

        agent.Reduce().InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"role":"user"}""")]
    [InlineData("[[[[")]
    public void Messages_that_are_no_list_are_an_input_that_is_not_known(string messages)
    {
        using var agent = new ForeignAgent();
        agent.Chat(null, ("gen_ai.input.messages", messages)).Dispose();
        agent.Recorder.Provider.Dispose();

        RecorderFixture.ReduceWithMarkers(agent.Recorder.Bundle).InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
    }

    [Theory]
    [InlineData("""[1,null,"text",{},{"role":5,"parts":7},{"parts":[null,3,{"type":9},{"type":"tool_call"},{"type":"tool_call_response"}]}]""")]
    [InlineData("""[{"role":"user","parts":[{"type":"text","content":"half \ud83d"}]}]""")]
    public void Messages_of_any_shape_are_kept(string messages)
    {
        using var agent = new ForeignAgent();
        agent.Chat(null, ("gen_ai.input.messages", messages)).Dispose();
        agent.Recorder.Provider.Dispose();

        RolloutReducer.Reduce(agent.Recorder.Bundle).Graph.InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
    }

    [Fact]
    public void A_text_of_50_megabytes_is_said_to_have_been_there()
    {
        using var agent = new ForeignAgent();
        agent.Chat(null, ("gen_ai.input.messages", ForeignAgent.Message("user", new string('x', 50 << 20)))).Dispose();
        agent.Recorder.Provider.Dispose();

        var graph = RecorderFixture.ReduceWithMarkers(agent.Recorder.Bundle);
        graph.InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
        new DirectoryInfo(agent.Recorder.Bundle).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Spans_from_many_threads_at_once_are_all_there()
    {
        using var agent = new ForeignAgent();
        Parallel.For(0, 64, i =>
        {
            Activity.Current = null;
            using var turn = agent.Agent($"agent {i}");
            for (var j = 0; j < 5; j++)
            {
                agent.Chat($"question {i}.{j}").Dispose();
            }
        });
        agent.Recorder.Provider.Dispose();

        agent.Recorder.Bundles.Length.ShouldBe(64);
        agent.Recorder.Bundles.ShouldAllBe(bundle => RolloutReducer.Reduce(bundle).Graph.InferenceCalls.Count == 5);
    }

    private sealed class Throwing : IFormattable
    {
        public override string ToString() => throw new InvalidOperationException();

        public string ToString(string? format, IFormatProvider? formatProvider) => throw new InvalidOperationException();
    }
}
