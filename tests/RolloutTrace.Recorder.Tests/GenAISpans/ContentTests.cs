using System.Diagnostics;
using RolloutTrace.GenAI.Live;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

public sealed class ContentTests
{
    [Fact]
    public void Content_comes_off_a_span_and_everything_else_stays()
    {
        using var activity = new Activity("chat");
        activity.AddTag("gen_ai.input.messages", "secret").AddTag("gen_ai.input.messages", "secret twice").AddTag("gen_ai.request.model", "gpt-5")
            .AddTag("gen_ai.prompt.0.content", "secret").AddTag("llm.input_messages.0.message.content", "secret").AddTag("ai.response.text", "secret")
            .AddTag("gen_ai.request.messages", "secret").AddTag("gen_ai.tool.output", "secret").AddTag("braintrust.input_json", "secret").AddTag("tool.result", "secret").AddTag("input.value", "secret")
            .AddTag("gen_ai.usage.input_tokens", 7);
        activity.AddEvent(new ActivityEvent("gen_ai.user.message", tags: new() { ["gen_ai.event.content"] = "secret" }));
        activity.AddEvent(new ActivityEvent("exception", tags: new() { ["exception.type"] = "E" }));
        activity.AddEvent(new ActivityEvent("gen_ai.choice", tags: new() { ["gen_ai.event.content"] = "secret" }));

        ContentAttributes.Strip(activity);

        activity.TagObjects.ShouldBe([new("gen_ai.request.model", "gpt-5"), new("gen_ai.usage.input_tokens", 7)]);
        activity.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
    }

    [Fact]
    public void Content_that_is_not_kept_comes_off_also_where_recording_has_stopped()
    {
        using var agent = new ForeignAgent(options =>
        {
            options.GenAISpans.KeepContentOnSpans = false;
            options.Filter = static _ => false;
        });
        var chat = agent.Chat("secret", ("gen_ai.output.messages", ForeignAgent.Message("assistant", "secret")));
        chat.Dispose();

        chat.TagObjects.ShouldAllBe(tag => !Equals(tag.Key, "gen_ai.input.messages") && !Equals(tag.Key, "gen_ai.output.messages"));
    }
}
