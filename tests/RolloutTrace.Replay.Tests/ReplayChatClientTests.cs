using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using RolloutTrace.Bundle;

namespace RolloutTrace.Replay.Tests;

public sealed class ReplayChatClientTests
{
    [Fact]
    public async Task The_same_request_gets_its_answers_in_the_order_in_which_they_were_recorded_and_then_an_error()
    {
        using var bundle = Bundle(("u", "first"), ("u", "second"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        (await client.GetResponseAsync("u")).Text.ShouldBe("first");
        (await client.GetResponseAsync("u")).Text.ShouldBe("second");
        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("u"));
        error.Reason.ShouldBe(ReplayReason.AskedTooOften);
        error.NearestId.ShouldBe("i2");
        error.Message.ShouldBe("request i2 was recorded 2 times, and is asked once more; AfterLast says what comes then");
    }

    [Theory]
    [InlineData(ReplayAfterLast.Repeat, "1 2 2 2")]
    [InlineData(ReplayAfterLast.StartAgain, "1 2 1 2")]
    public async Task What_comes_after_the_last_answer_can_be_chosen(ReplayAfterLast afterLast, string answers)
    {
        using var bundle = Bundle(("u", "1"), ("u", "2"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run, new ReplayOptions { AfterLast = afterLast });

        var given = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            given.Add((await client.GetResponseAsync("u")).Text);
        }

        string.Join(' ', given).ShouldBe(answers);
    }

    [Fact]
    public async Task What_was_never_asked_is_an_error_that_names_the_nearest_request_and_the_first_difference()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Json("Other things."))
            .Respond("i1", Answer("no"))
            .Request("i2", Json("Mend the pump.", "Done.", "Now the valve."))
            .Respond("i2", Answer("yes"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync([new(ChatRole.User, "Mend the pump."), new(ChatRole.Assistant, "Done."), new(ChatRole.User, "Now the roof.")]));

        error.Reason.ShouldBe(ReplayReason.NeverAsked);
        error.NearestId.ShouldBe("i2");
        error.Difference.ShouldBe(new ReplayDifference { What = "item", Index = 2, Recorded = "user: Now the valve.", Asked = "user: Now the roof." });
        error.Message.ShouldBe("the request was never asked; nearest is request i2 (#2), which differs first in item 2: recorded was 'user: Now the valve.', asked was 'user: Now the roof.'");
    }

    [Theory]
    [InlineData("instructions", null)]
    [InlineData("tools", "look")]
    [InlineData("parameters", "temperature")]
    [InlineData("model", null)]
    public async Task What_a_request_gives_beside_its_items_has_to_be_as_recorded_unless_told_otherwise(string what, string? name)
    {
        using var bundle = Bundle(("u", "yes"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);
        using var lenient = new ReplayChatClient(run, new ReplayOptions { Given = ReplayGiven.None });
        var options = what switch
        {
            "instructions" => new ChatOptions { Instructions = "Be kind." },
            "tools" => new ChatOptions { Tools = [AIFunctionFactory.Create(() => "", "look")] },
            "parameters" => new ChatOptions { Temperature = 1 },
            _ => new ChatOptions { ModelId = "other" },
        };

        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("u", options));
        error.Difference!.What.ShouldBe(what);
        error.Difference.Name.ShouldBe(name);
        (await lenient.GetResponseAsync("u", options)).Text.ShouldBe("yes");
    }

    [Fact]
    public async Task Requests_that_differ_in_what_is_never_the_same_only_are_the_same_and_have_their_answers_in_order()
    {
        using var bundle = Bundle(
            ("It is 2026-02-02T02:40:00Z, run 6f9619ff-8b86-4d01-b42d-00cf4fc964ff in /tmp/tmp.a8f3Kd92 at localhost:41234.", "one"),
            ("It is 2026-02-02T02:41:07Z, run 7f9619ff-8b86-4d01-b42d-00cf4fc964aa in /tmp/tmp.Zx81mmQp at localhost:50001.", "two"),
            ("It is 2026-02-02T02:41:07Z, run 7f9619ff-8b86-4d01-b42d-00cf4fc964aa in /tmp/tmp.Zx81mmQp with 3 beds.", "three"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);
        const string Now = "It is 2031-11-05T00:00:00Z, run 00000000-8b86-4d01-b42d-00cf4fc964ff in /tmp/tmp.99zzAA11 at localhost:60000.";

        (await client.GetResponseAsync(Now)).Text.ShouldBe("one");
        (await client.GetResponseAsync(Now)).Text.ShouldBe("two");
        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync(Now.Replace("at localhost:60000", "with 4 beds", StringComparison.Ordinal)));
        error.Difference!.Asked!.ShouldEndWith("with 4 beds.");
    }

    [Fact]
    public async Task What_the_caller_says_is_never_the_same_is_so_too()
    {
        using var bundle = Bundle(("build-17", "yes"));
        using var run = RecordedRun.Of(bundle.Open(), [new("build-[0-9]+", RegexOptions.NonBacktracking)]);
        using var client = new ReplayChatClient(run);

        (await client.GetResponseAsync("build-99")).Text.ShouldBe("yes");
    }

    [Fact]
    public async Task What_failed_fails_again_with_its_status_behind_what_had_arrived()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Json("u"));
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "503 Service Unavailable: overloaded", PartialResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, Answer("It be")) });
        bundle.Request("i2", Json("u")).Respond("i2", Answer("It begins."));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        var arrived = "";
        var error = await Should.ThrowAsync<ReplayedFailureException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("u"))
            {
                arrived += update.Text;
            }
        });

        arrived.ShouldBe("It be");
        error.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        error.RequestId.ShouldBe("i1");
        error.Message.ShouldBe("503 Service Unavailable: overloaded");
        (await client.GetResponseAsync("u")).Text.ShouldBe("It begins.");
    }

    [Fact]
    public async Task What_was_cancelled_is_cancelled_again()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Json("u"));
        bundle.Append(new InferenceCancelledEvent { InferenceCallId = "i1", Reason = "interrupted" });
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        (await Record.ExceptionAsync(() => client.GetResponseAsync("u"))).ShouldBeAssignableTo<OperationCanceledException>()!.Message.ShouldBe("request i1 was cancelled when it was recorded: interrupted");
    }

    [Fact]
    public async Task A_request_without_an_end_says_so_unless_it_was_asked_again()
    {
        using var cut = new TestBundle().WithTurn().Request("i1", Json("u"));
        using var run = RecordedRun.Of(cut.Open());
        using var client = new ReplayChatClient(run);
        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("u"));
        error.Reason.ShouldBe(ReplayReason.Unended);
        error.Message.ShouldBe("request i1 was recorded without an end: the recording ends before it was answered");

        cut.Request("i2", Json("u")).Respond("i2", Answer("yes"));
        using var longer = RecordedRun.Of(cut.Open());
        using var again = new ReplayChatClient(longer);
        (await again.GetResponseAsync("u")).Text.ShouldBe("yes");
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_and_requests_that_cannot_be_read_are_said()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", Json("u"))
            .Respond("i1", "{ no json")
            .Request("i2", "{ no json either")
            .Respond("i2", Answer("lost"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        var unreadable = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("u"));
        unreadable.Reason.ShouldBe(ReplayReason.Unreadable);
        unreadable.Message.ShouldBe("request i1 was answered, and its answer cannot be read: payloads/2.json");
        (await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("v"))).Message.ShouldStartWith("the request was never asked (1 recorded request could not be read); nearest is request i1 (#1)");
    }

    [Fact]
    public async Task A_recording_without_requests_says_that_it_has_none()
    {
        using var bundle = new TestBundle().WithTurn();
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        var error = await Should.ThrowAsync<ReplayException>(() => client.GetResponseAsync("u"));
        error.Message.ShouldBe("the request was never asked: no request was recorded");
        error.NearestId.ShouldBeNull();
    }

    [Fact]
    public async Task Callers_at_once_get_each_answer_once()
    {
        using var bundle = Bundle([.. Enumerable.Range(0, 40).Select(static i => ("u", $"{i:00}"))]);
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => (await client.GetResponseAsync("u")).Text)));

        answers.Order().ShouldBe(Enumerable.Range(0, 40).Select(static i => $"{i:00}"));
    }

    [Fact]
    public async Task A_live_client_answers_from_the_first_request_on_that_was_never_asked()
    {
        using var bundle = Bundle(("a", "recorded a"), ("b", "recorded b"));
        using var run = RecordedRun.Of(bundle.Open());
        using var live = new Echo();
        using var recorded = new ReplayChatClient(run);
        using var client = recorded.ThenLive(live);

        (await client.GetResponseAsync("a")).Text.ShouldBe("recorded a");
        (await client.GetResponseAsync("new")).Text.ShouldBe("live new");
        (await client.GetStreamingResponseAsync("b").ToChatResponseAsync()).Text.ShouldBe("live b");
    }

    [Theory]
    [InlineData("#2")]
    [InlineData("i-000002")]
    [InlineData("0002")]
    public async Task A_live_client_answers_from_a_given_request_on_with_other_instructions(string from)
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i-000001", Json("a")).Respond("i-000001", Answer("recorded a"))
            .Request("i-000002", Json("a", "recorded a", "b")).Respond("i-000002", Answer("recorded b"));
        using var run = RecordedRun.Of(bundle.Open());
        using var live = new Echo();
        using var recorded = new ReplayChatClient(run);
        using var client = recorded.ThenLive(live, from);
        var options = new ChatOptions { Instructions = "Be kind." };

        (await client.GetResponseAsync("a", options)).Text.ShouldBe("recorded a");
        (await client.GetResponseAsync([new(ChatRole.User, "a"), new(ChatRole.Assistant, "recorded a"), new(ChatRole.User, "b")], options)).Text.ShouldBe("live b");
        live.Asked.ShouldHaveSingleItem().Instructions.ShouldBe("Be kind.");
    }

    [Fact]
    public void A_request_that_there_is_not_cannot_be_gone_on_from()
    {
        using var bundle = Bundle(("a", "1"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);
        using var live = new Echo();

        Should.Throw<ArgumentException>(() => client.ThenLive(live, "nope")).Message.ShouldContain("has no request 'nope'; it has 1, from #1 (i1)");
    }

    [Fact]
    public async Task Answers_take_the_time_that_they_took_if_that_is_wanted()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", Json("u"));
        foreach (var _ in Enumerable.Range(0, 9))
        {
            bundle.Append(new OtherEvent { Kind = "pause", Summary = "", Payloads = [], Metadata = JsonElement.Parse("null") });
        }

        bundle.Respond("i1", Answer("yes"));
        using var run = RecordedRun.Of(bundle.Open());
        var clock = new ManualTimeProvider();
        using var client = new ReplayChatClient(run, new ReplayOptions { Speed = 0.5, Time = clock });

        var answering = client.GetResponseAsync("u");
        clock.Advance(TimeSpan.FromMilliseconds(19));
        answering.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        (await answering).Text.ShouldBe("yes");
    }

    [Fact]
    public void It_says_which_recording_it_is_from()
    {
        using var bundle = Bundle(("a", "1"));
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        client.GetService<ReplayOrigin>().ShouldBe(new ReplayOrigin { TraceId = "trace-1", RolloutId = TestBundle.Root });
        client.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("m");
        client.GetService<ReplayChatClient>().ShouldBeSameAs(client);
    }

    private static TestBundle Bundle(params (string User, string Answer)[] exchanges)
    {
        var bundle = new TestBundle().WithTurn();
        for (var i = 0; i < exchanges.Length; i++)
        {
            bundle.Request($"i{i + 1}", Json(exchanges[i].User)).Respond($"i{i + 1}", Answer(exchanges[i].Answer));
        }

        return bundle;
    }

    // The user and the model in turns, the user first.
    private static string Json(params string[] messages) =>
        $$"""{"model":"m","input":[{{string.Join(',', messages.Select(static (text, i) => $$"""{"type":"message","role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":[{"type":"input_text","text":"{{text}}"}]}"""))}}]}""";

    private static string Answer(string text) => $$"""{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{text}}"}]}]}""";
}
