using System.Globalization;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

/// <summary>Two requests or three in a row: about 5,000 tokens in the instructions, the tools and the first item together.</summary>
public sealed class RolloutCacheTests
{
    private static readonly string Rules = string.Concat(Enumerable.Repeat("Be careful with the files. ", 300));

    private static readonly string First = Message(string.Concat(Enumerable.Repeat("Look at the code of the parser. ", 300)));

    [Fact]
    public void A_request_that_only_adds_and_is_cached_has_no_miss()
    {
        using var bundle = Requests(Request(), Request(add: Message("and then?")));

        Print(bundle).ShouldBe(["i1: 0 of 5000", "i2: 4900 of 5100"]);
    }

    [Fact]
    public void Instructions_that_differ_are_the_reason()
    {
        using var bundle = Requests(Request("It is 9:41. "), Request("It is 9:42. ", add: Message("and then?"), cached: 0));

        var miss = Misses(bundle).ShouldHaveSingleItem();
        miss.Cause.ShouldBe(CacheMissCause.Instructions);
        miss.BeforeInferenceCallId.ShouldBe("i1");
        miss.ExpectedTokens.ShouldBeInRange(4950, 5000);
        miss.MissedTokens.ShouldBe(miss.ExpectedTokens);
        miss.SharedTokens.ShouldBe(0);
        miss.Reason.ShouldStartWith("the instructions differ from character 10 on: \"It is 9:41. Be careful");
        miss.Reason.ShouldContain(" is now \"It is 9:42. Be careful");
    }

    [Theory]
    [InlineData("""{"name":"read","description":"Reads."}""", "tool 2, write, differs in name: \"write\" is gone")]
    [InlineData("""{"name":"read","description":"Reads."},{"name":"write","description":"Writes files."}""", "tool 2, write, differs in description: \"Writes.\" is now \"Writes files.\"")]
    [InlineData("""{"name":"write","description":"Writes."},{"name":"read","description":"Reads."}""", "tool 1, write, differs in name: \"read\" is now \"write\"")]
    [InlineData("""{"name":"read","description":"Reads."},{"name":"write","description":"Writes."},{"name":"list"}""", "tool 3, list, differs in name: \"list\" is new")]
    public void The_first_tool_that_differs_is_the_reason(string tools, string reason)
    {
        using var bundle = Requests(Request(), Request(tools: tools, add: Message("and then?"), cached: 0));

        Misses(bundle).ShouldHaveSingleItem().Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_parameter_that_keeps_caches_apart_is_the_reason_and_another_is_not()
    {
        using var apart = Requests(Request(parameters: "\"prompt_cache_key\":\"a\","), Request(parameters: "\"prompt_cache_key\":\"b\",", cached: 0));
        using var other = Requests(Request(parameters: "\"temperature\":0,", cached: 4000), Request(parameters: "\"temperature\":1,", cached: 0));

        Misses(apart).ShouldHaveSingleItem().Reason.ShouldBe("the parameter prompt_cache_key differs: \"\"a\"\" is now \"\"b\"\"");
        Misses(other).ShouldHaveSingleItem().Cause.ShouldBe(CacheMissCause.Unexplained);
    }

    [Fact]
    public void The_first_item_that_differs_is_the_reason_with_the_member_that_does()
    {
        using var bundle = Requests(
            Request(add: $"{Message("one")},{Message("two")}"),
            Request(first: First.Replace("parser. \"", "lexer. \"", StringComparison.Ordinal), add: $"{Message("one")},{Message("two")},{Message("three")}", cached: 2000));

        var miss = Misses(bundle).ShouldHaveSingleItem();
        miss.Cause.ShouldBe(CacheMissCause.Item);
        miss.Place.ShouldBe(1);
        miss.Member.ShouldBe("content[0].text");
        miss.Change.ShouldNotBeNull().Was.ShouldNotBeNull().ShouldEndWith("Look at the code of the parser.");
        miss.Change!.Is.ShouldNotBeNull().ShouldEndWith("Look at the code of the lexer.");
        miss.SharedTokens.ShouldBeInRange(2000, 3000);
    }

    [Fact]
    public void What_the_state_takes_for_the_same_item_may_be_other_words_to_the_provider()
    {
        static string Call(string arguments) => $$"""{"type":"function_call","call_id":"c1","name":"read","arguments":"{{arguments}}"},{"type":"function_call_output","call_id":"c1","output":"{{Rules}}"}""";
        using var bundle = Requests(
            Request(add: Call("""{\"path\":\"a\"}"""), input: 7000),
            Request(add: Call("""{ \"path\": \"a\" }"""), input: 7000, cached: 4900));

        var miss = Misses(bundle).ShouldHaveSingleItem();

        miss.Reason.ShouldBe("item 2, conversation_item:2, differs in arguments: \"{\"path\":\"a\"}\" is now \"{ \"path\": \"a\" }\"");
        OpenRollout.Open(bundle.Open()).Graph.ConversationItems.Count.ShouldBe(3);
    }

    [Fact]
    public void An_id_or_a_mark_for_the_cache_is_no_difference()
    {
        using var bundle = Requests(
            Request(cached: 4000),
            Request(first: First.Insert(1, "\"id\":\"msg_1\",\"cache_control\":{\"type\":\"ephemeral\"},"), cached: 0));

        Misses(bundle).ShouldHaveSingleItem().Cause.ShouldBe(CacheMissCause.Unexplained);
    }

    [Theory]
    [InlineData(299, CacheMissCause.Unexplained)]
    [InlineData(301, CacheMissCause.Expired)]
    public void Of_requests_that_do_not_differ_the_pause_tells(int seconds, CacheMissCause cause)
    {
        using var sent = Requests(Request(cached: 4000), Request(add: Message("and then?"), cached: 0));
        using var bundle = Later(sent, "i2", seconds);

        var miss = Misses(bundle).ShouldHaveSingleItem();
        miss.Cause.ShouldBe(cause);
        miss.PauseMs!.Value.ShouldBeInRange(seconds * 1000, (seconds * 1000) + 10);
        RolloutCache.Of(OpenRollout.Open(bundle.Open()), TimeSpan.FromHours(1))[1].Miss!.Cause.ShouldBe(CacheMissCause.Unexplained);
    }

    [Fact]
    public void What_differs_comes_before_the_pause_unless_even_what_is_the_same_was_not_cached()
    {
        var (one, two) = (Message(Rules + "one"), Message(Rules + "two"));
        using var head = Requests(Request("a"), Request("b", cached: 0));
        using var late = Requests(Request(add: one, input: 7000), Request(add: two, input: 7000, cached: 0));
        using var partly = Requests(Request(add: one, input: 7000), Request(add: two, input: 7000, cached: 4900));

        Misses(Later(head, "i2", 600)).ShouldHaveSingleItem().Cause.ShouldBe(CacheMissCause.Instructions);
        Misses(Later(late, "i2", 600)).ShouldHaveSingleItem().Cause.ShouldBe(CacheMissCause.Expired);
        Misses(Later(partly, "i2", 600)).ShouldHaveSingleItem().Cause.ShouldBe(CacheMissCause.Item);
    }

    [Fact]
    public void A_compaction_between_is_the_reason()
    {
        using var bundle = new TestBundle().WithTurn();
        Answer(bundle, "i1", Request()).Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{First}}],"replacement_history":[{{Message(Rules)}}]}"""),
        });
        Answer(bundle, "i2", Request(cached: 0, first: Message(Rules)));

        var miss = Misses(bundle).ShouldHaveSingleItem();
        miss.Cause.ShouldBe(CacheMissCause.Compaction);
        miss.Reason.ShouldBe("the compaction k1 came between");
    }

    [Fact]
    public void Another_model_is_the_reason()
    {
        using var bundle = new TestBundle().WithTurn();
        Answer(bundle, "i1", Request());
        Answer(bundle, "i2", Request(cached: 0), model: "small");

        Misses(bundle).ShouldHaveSingleItem().Reason.ShouldBe("another model is asked: \"p/m\" is now \"p/small\"");
    }

    [Fact]
    public void An_attempt_that_failed_left_nothing_in_the_cache_and_is_not_what_is_compared()
    {
        using var bundle = new TestBundle().WithTurn();
        Answer(bundle, "i1", Request());
        bundle.Request("failed", Request("other rules").Json).Append(new InferenceFailedEvent { InferenceCallId = "failed", Error = "overloaded" });
        Answer(bundle, "i2", Request("new rules", cached: 0));

        Misses(bundle).ShouldHaveSingleItem().BeforeInferenceCallId.ShouldBe("i1");
    }

    [Fact]
    public void An_incremental_request_that_misses_names_the_instructions_too()
    {
        using var bundle = new TestBundle().WithTurn();
        Answer(bundle, "i1", Request("a"), responseId: "r1");
        Answer(bundle, "i2", Request("b", first: Message("and then?"), parameters: "\"previous_response_id\":\"r1\",", cached: 0, input: 5100));
        Answer(bundle, "i3", Request("b", first: Message("go on"), parameters: "\"previous_response_id\":\"r2\",", cached: 0, input: 5100), responseId: "r3");

        var miss = Misses(bundle).ShouldHaveSingleItem();
        miss.Cause.ShouldBe(CacheMissCause.Instructions);
        miss.ExpectedTokens.ShouldBeInRange(4900, 5000);
    }

    [Theory]
    [InlineData("nothing was ever cached, which may be the provider's way", 5000, 0, 0)]
    [InlineData("too little is missing", 5000, 0, 4000)]
    [InlineData("more tokens than bytes: most of them stood elsewhere", 50_000, 40_000, 0)]
    [InlineData("less than providers cache", 1000, 900, 0)]
    public void Nothing_is_said_where(string why, long input, long cachedBefore, long cached)
    {
        using var bundle = Requests(Request(input: input, cached: cachedBefore), Request(input: input, cached: cached));

        Misses(bundle).ShouldBeEmpty(why);
    }

    [Fact]
    public void Nothing_is_said_where_it_is_not_known_what_a_request_showed()
    {
        var marker = ("""{"input":[],"instructions":"x","rollout_trace_error":"too large"}""", 5000L, (long?)0L);
        using var now = Requests(Request("a"), marker);
        using var before = Requests(marker, Request("b", cached: 0));
        using var uncounted = Requests(Request("a"), (Request("b").Json, 0L, null));

        Misses(now).ShouldBeEmpty();
        Misses(before).ShouldBeEmpty();
        Misses(uncounted).ShouldBeEmpty();
        Print(uncounted).ShouldBe(["i1: 0 of 5000"]);
    }

    [Fact]
    public void No_case_has_a_miss_that_is_not_there()
    {
        var bundles = ConformanceCase.Names.Select(name => ConformanceCase.Named(name).Bundle).Concat(FieldCase.Names.Select(FieldCase.Bundle));

        foreach (var bundle in bundles)
        {
            var rollout = OpenRollout.Open(BundleReader.Open(bundle));
            RolloutCache.Of(rollout, TimeSpan.FromMinutes(5)).ShouldAllBe(use => use.Miss == null, bundle);
            RolloutCache.Of(rollout, TimeSpan.FromMinutes(5)).Count.ShouldBe(rollout.Graph.InferenceCalls.Values.Count(request => request.Usage is not null));
        }
    }

    [Fact]
    public void A_miss_is_a_finding_with_its_evidence()
    {
        using var bundle = Requests(Request("a"), Request("b", cached: 0));

        var anomaly = RolloutAnomalies.Find(OpenRollout.Open(bundle.Open())).Single(anomaly => anomaly.Code == AnomalyCodes.CacheMissed);

        anomaly.Subject.ShouldBe("i2");
        anomaly.Message.ShouldStartWith("request i2 found 0 of about 5,0");
        anomaly.Message.ShouldContain(" tokens of i1 in the cache: the instructions differ from character 1 on: \"aBe careful");
        anomaly.Evidence.Select(evidence => evidence.PayloadPath).ShouldBe(["payloads/1.json", "payloads/3.json", "payloads/4.json"]);
    }

    private static string Message(string text) => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""";

    // Without a number, what was cached is all but the last bit.
    private static (string Json, long Input, long? Cached) Request(
        string beginning = "",
        string tools = """{"name":"read","description":"Reads."},{"name":"write","description":"Writes."}""",
        string parameters = "",
        string? first = null,
        string? add = null,
        long? cached = null,
        long? input = null)
    {
        var json = $$"""{"instructions":"{{beginning}}{{Rules}}","tools":[{{tools}}],{{parameters}}"input":[{{first ?? First}}{{(add is null ? "" : $",{add}")}}]}""";
        return (json, input ?? (add is null ? 5000 : 5100), cached ?? (add is null ? 0 : 4900));
    }

    private static TestBundle Requests(params (string Json, long Input, long? Cached)[] requests)
    {
        var bundle = new TestBundle().WithTurn();
        for (var i = 0; i < requests.Length; i++)
        {
            Answer(bundle, $"i{i + 1}", requests[i]);
        }

        return bundle;
    }

    private static TestBundle Answer(TestBundle bundle, string id, (string Json, long Input, long? Cached) request, string model = "m", string? responseId = null)
    {
        bundle.Append(new InferenceStartedEvent
        {
            InferenceCallId = id,
            ThreadId = TestBundle.Root,
            CodexTurnId = TestBundle.Turn,
            Model = model,
            ProviderName = "p",
            RequestPayload = bundle.Payload(PayloadKind.InferenceRequest, request.Json),
        });
        var usage = request.Cached is { } cached
            ? $$""","token_usage":{"input_tokens":{{request.Input}},"cached_input_tokens":{{cached}},"cache_write_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":1}"""
            : "";
        return bundle.Respond(id, $$"""{"response_id":null,"output_items":[]{{usage}}}""", responseId);
    }

    // All from the start of a request on happens that much later.
    private static TestBundle Later(TestBundle bundle, string requestId, int seconds)
    {
        _ = bundle.Open();
        var isLater = false;
        return TestBundle.Copy(bundle.Directory, lines => lines.Select(line =>
        {
            isLater |= line.Contains($"\"inference_started\",\"inference_call_id\":\"{requestId}\"", StringComparison.Ordinal);
            if (!isLater || line.Length == 0)
            {
                return line;
            }

            var entry = JsonNode.Parse(line)!;
            entry["wall_time_unix_ms"] = entry["wall_time_unix_ms"]!.GetValue<long>() + (seconds * 1000L);
            return entry.ToJsonString();
        }));
    }

    private static List<CacheMiss> Misses(TestBundle bundle) =>
        [.. RolloutCache.Of(OpenRollout.Open(bundle.Open()), RolloutCache.DefaultTimeToLive).Select(use => use.Miss).OfType<CacheMiss>()];

    private static List<string> Print(TestBundle bundle) =>
    [
        .. RolloutCache.Of(OpenRollout.Open(bundle.Open()), RolloutCache.DefaultTimeToLive)
            .Select(use => string.Create(CultureInfo.InvariantCulture, $"{use.InferenceCallId}: {use.CachedInputTokens} of {use.InputTokens}{(use.Miss is null ? "" : " missed")}")),
    ];
}
