using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;

namespace RolloutTrace.Replay.Tests;

/// <summary>A bundle may come from a stranger, or be damaged: it is played as far as it goes, and says what is wrong, in the words of a replay.</summary>
public sealed class HostileBundleTests
{
    [Fact]
    public async Task Whatever_a_bundle_holds_asking_it_ends_in_an_answer_or_in_what_replays_say()
    {
        for (var i = 0; i < Search.Runs(40); i++)
        {
            var seed = Search.Seed * 1_000_000 + i;
            using var sound = Sound();
            sound.Open();
            BundleDamage.Inflict(new Random(seed), sound.Directory, ConformanceCase.Root);
            RecordedRun run;
            try
            {
                run = RecordedRun.Open(sound.Directory);
            }
            catch (BundleException)
            {
                continue;
            }

            using (run)
            using (var client = new ReplayChatClient(run))
            {
                foreach (var user in (string[])["a", "b", "c"])
                {
                    var error = await Record.ExceptionAsync(() => client.GetStreamingResponseAsync(user).ToChatResponseAsync());
                    (error is null or ReplayException or ReplayedFailureException or OperationCanceledException).ShouldBeTrue($"seed {seed}: {error}");
                }
            }
        }
    }

    [Theory]
    [InlineData("""{"output_items":[{"type":"function_call","call_id":"c","name":"f","arguments":"{ not json"}]}""")]
    [InlineData("""{"output_items":[{"type":"function_call"},{"type":"message"},{"type":"reasoning"},{"type":"web_search_call"},7,null,"text"]}""")]
    [InlineData("""{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"half \ud83d"},{"type":"input_image","image_url":"x"}]}]}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""[{"type":"response.created"}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task An_answer_of_any_shape_is_an_answer(string response)
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"model":"m","input":"a"}""").Respond("i1", response);
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run, new ReplayOptions { AfterLast = ReplayAfterLast.Repeat });

        var whole = await client.GetResponseAsync("a");
        var streamed = await client.GetStreamingResponseAsync("a").ToChatResponseAsync();
        streamed.Text.ShouldBe(whole.Text);
        streamed.FinishReason.ShouldBe(whole.FinishReason);
    }

    [Fact]
    public async Task A_response_that_continues_itself_is_no_circle()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"model":"m","previous_response_id":"r1","input":"a"}""")
            .Respond("i1", """{"output_items":[]}""", "r1")
            .Request("i2", """{"model":"m","previous_response_id":"r1","input":"b"}""")
            .Respond("i2", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"yes"}]}]}""", "r1");
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        (await client.GetResponseAsync([new(ChatRole.User, "a"), new(ChatRole.User, "b")])).Text.ShouldBe("yes");
    }

    private static TestBundle Sound() => new TestBundle().WithTurn()
        .Request("i1", """{"model":"m","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}]}""")
        .Respond("i1", """{"response_id":"r1","token_usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0},"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"}]}]}""", "r1")
        .Request("i2", """{"messages":[{"role":"user","content":"b"}],"temperature":0}""")
        .Respond("i2", """{"choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1","function":{"name":"look","arguments":"{}"}}]}}]}""")
        .Request("i3", """{"contents":[{"role":"user","parts":[{"text":"c"}]}]}""")
        .Respond("i3", """{"candidates":[{"content":{"parts":[{"text":"C"}]}}]}""");
}
