using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Reading;

/// <summary>Content that an SDK has cut off where attributes have a longest length.</summary>
public sealed class CutJsonTests
{
    [Fact]
    public void Wherever_it_was_cut_what_stands_before_that_is_read()
    {
        const string Whole = """[{"role":"us\u00e9r\n\"x\\","n":[1,-2.5e3,true,null,{}],"o":{"a":{"b":"🌱\ud83c\udf31"}}}, {"parts" : [ ] , "text":"end"}]""";
        for (var length = 1; length <= Whole.Length; length++)
        {
            foreach (var mark in new[] { "", "...", "\u2026" })
            {
                CutJson.Read(Whole[..length] + mark).ShouldNotBeNull($"{length}{mark}");
            }

            IsBeginning(CutJson.Read(Whole[..length])!.Value, JsonElement.Parse(Whole)).ShouldBeTrue(Whole[..length]);
        }

        CutJson.Read(Whole[..18])!.Value.GetRawText().ShouldBe("[{\"role\":\"us\\u00e9\"}]");
        CutJson.Read(Whole[..17])!.Value.GetRawText().ShouldBe("[{\"role\":\"us\"}]");
        CutJson.Read("[INFO] no JSON")!.Value.GetRawText().ShouldBe("[]");
        CutJson.Read("no JSON").ShouldBeNull();
        CutJson.Read(new string('[', 100_000)).ShouldNotBeNull();
    }

    [Fact]
    public void The_request_has_the_items_that_are_whole_and_the_beginning_of_the_next_and_nothing_is_concluded_from_what_is_not_there()
    {
        var messages = Messages("user: hi", "assistant: hello", "user: tell me all about the north bed");
        using var bundles = new MappedBundles(
        [
            Span("agent", null, 0, 100, AgentTags("helper")),
            Span("chat1", "agent", 1, 10, [.. ChatTags(["user: hi"], ["assistant: hello"]), ("gen_ai.input.messages", messages[..messages.IndexOf(" the north", StringComparison.Ordinal)])]),
            Span("chat2", "agent", 20, 30, [.. ChatTags(["user: hi"], ["assistant: hello"]), ("gen_ai.input.messages", messages[..^8]), ("gen_ai.output.messages", Messages("assistant: It is dry.")[..^12])]),
            Span("chat3", "agent", 40, 50, ChatTags(["user: hi", "assistant: hello", "user: tell me all about the north bed", "assistant: It is dry.", "user: so?"], ["assistant: Water it."])),
        ]);

        bundles.Story.ShouldBe(
            """
            /root helper Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < Assistant Message  hello
                  < User Message  tell me all about
                  > Assistant Message  hello
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < Assistant Message  hello
                  < User Message  tell me all about the north 
                  > Assistant Message  It 
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < Assistant Message  hello
                  < User Message  tell me all about the north bed
                  < Assistant Message  It is dry.
                  < User Message  so?
                  > Assistant Message  Water it.
            DIAGNOSTIC Warning payload_replaced: payload raw_payload:2 is there only in part: gen_ai.input.messages was cut off after 190 characters, and what stands before that is here
            DIAGNOSTIC Warning payload_replaced: payload raw_payload:4 is there only in part: gen_ai.input.messages was cut off after 201 characters, and what stands before that is here
            DIAGNOSTIC Warning payload_replaced: payload raw_payload:5 is there only in part: gen_ai.output.messages was cut off after 59 characters, and what stands before that is here
            ANOMALY evidence_missing: 2 requests could be read only in part: uuid-1, uuid-2
            ANOMALY evidence_missing: 1 response could be read only in part: uuid-2

            """);
    }

    // Texts may end early, and members and entries may be missing behind that.
    private static bool IsBeginning(JsonElement cut, JsonElement whole) => cut.ValueKind == whole.ValueKind && cut.ValueKind switch
    {
        JsonValueKind.Object => cut.EnumerateObject().Zip(whole.EnumerateObject()).All(static pair => pair.First.Name == pair.Second.Name && IsBeginning(pair.First.Value, pair.Second.Value)),
        JsonValueKind.Array => cut.EnumerateArray().Zip(whole.EnumerateArray()).All(static pair => IsBeginning(pair.First, pair.Second)),
        JsonValueKind.String => JsonValue.Text(whole)!.StartsWith(JsonValue.Text(cut)!.TrimEnd('\ufffd'), StringComparison.Ordinal),
        _ => cut.GetRawText() == whole.GetRawText(),
    };
}
