using System.Diagnostics;
using RolloutTrace.GenAI.Live;
using RolloutTrace.GenAI.Mapping;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Tests.Live;

/// <summary>What a span is told that nobody has read yet: its caller waits for no reading that it can do without.</summary>
public sealed class RolloutTagsTests
{
    [Theory]
    [InlineData("""[{"role":"user","parts":[{"type":"text","content":"and now?"}]}]""", false, true)]
    [InlineData("""[{"role":"system","parts":[{"type":"text","content":"SUMMARIZE the conversation"}]}]""", false, false)]
    [InlineData("""[{"role":"user","parts":[{"type":"text","content":"condense it"}]}]""", false, false)]
    [InlineData("""[{"role":"user","parts":[{"type":"text","content":"condense it"}]}]""", true, true)]
    [InlineData("""[{"role":"user","parts":[{"type":"text","content":"condense it"}]}, {"role": "assistant","parts":[{"type":"text","content":"Done, a \"role\":\"system\" recap."}]},{"role":"user","parts":[]}]""", false, true)]
    [InlineData("""[{"role":"user","parts":[]},{ "role" : "developer" ,"parts":[{"type":"text","content":"Recap."}]},{"role":"user","parts":[{"type":"text","content":"x"}]}]""", false, false)]
    [InlineData("""[{"parts":[{"type":"text","content":"Recap."}],"role":"system"},{"role":"user","parts":[]}]""", false, false)]
    [InlineData("""Summarise, said somebody.""", false, false)]
    public void After_an_answer_in_words_only_what_may_ask_for_a_summary_is_read_first(string messages, bool hasTools, bool isEnough)
    {
        TrySetUnread(messages, hasTools, answer: "hello").ShouldBe(isEnough);
    }

    [Fact]
    public void Before_an_answer_in_words_no_request_asks_for_one() => TrySetUnread("[summary]", hasTools: false, answer: null).ShouldBeTrue();

    private static bool TrySetUnread(string messages, bool hasTools, string? answer)
    {
        using var activity = new Activity("chat").Start();
        activity.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.input.messages", messages).SetTag("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"In summary, yes."}]}]""");
        if (hasTools)
        {
            activity.SetTag("gen_ai.tool.definitions", "[]");
        }

        var agent = new SpanNode(SpanReading.Of(SpanText.Span("agent", null, 0, null, Run.AgentTags("helper"))), parent: null);
        var thread = new KnownThread("thread", "/root", parent: null) { Rollout = new RolloutState(Rollout.Create("thread", "thread", caller: null), isExternal: false) };
        agent.Turn = new TurnState(agent, "turn") { Thread = thread, Answer = answer };
        return RolloutTags.TrySetUnread(activity, new TakenSpan
        {
            Place = new ActivityPlace(),
            Span = SpanText.Span("chat", "agent", 1, 2),
            Source = new SourceInterest(new ActivitySource("tests"), isKnown: false, static () => { }),
            Above = [new SpanAbove(new ActivityPlace { Node = agent }, null, null)],
        });
    }
}
