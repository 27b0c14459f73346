using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class TranscriptTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void At_a_request_it_is_the_requests_exact_input(string name)
    {
        var rollout = Open(name);
        foreach (var request in rollout.Graph.InferenceCalls.Values)
        {
            Ids(Transcript.At(rollout, request)).ShouldBe(request.RequestItemIds);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void New_at_a_request_is_what_the_one_before_it_in_the_thread_did_not_have(string name)
    {
        var rollout = Open(name);
        foreach (var ofThread in rollout.Graph.InferenceCalls.Values.GroupBy(call => call.ThreadId))
        {
            IReadOnlyCollection<string> before = [];
            foreach (var request in ofThread.OrderBy(call => call.Execution.StartedSeq))
            {
                var added = Ids(Transcript.NewAt(rollout, request));
                var byId = request.RequestItemIds.Where(id => !before.Contains(id)).ToList();
                added.ShouldBe(byId.Where(added.Contains));
                byId.Except(added).ShouldAllBe(id => rollout.Graph.ConversationItems[id].Body.Parts.Any(part => part is PayloadReferencePart), "an image that is sent again is not new");
                before = [.. request.RequestItemIds];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_a_thread_it_is_the_conversation_and_each_marker_names_its_compaction(string name)
    {
        var rollout = Open(name);
        foreach (var thread in rollout.Graph.Threads.Values)
        {
            var transcript = Transcript.OfThread(rollout, thread);

            var shown = Ids(transcript).ToHashSet();
            Ids(transcript).ShouldBe(thread.ConversationItemIds.Where(shown.Contains));
            var texts = transcript.Entries.Select(entry => WithoutPayload(entry.Text)).ToHashSet();
            thread.ConversationItemIds.Where(id => !shown.Contains(id)).Select(id => rollout.Graph.ConversationItems[id]).ShouldAllBe(
                item => item.Body.Parts.Any(part => part is PayloadReferencePart) && texts.Contains(WithoutPayload(ItemText.Of(item))),
                "only what is sent again is left out");
            transcript.Entries.Where(entry => entry.CompactionId is not null).Select(entry => (entry.Item.ItemId, entry.CompactionId!)).ShouldBe(
                rollout.Graph.Compactions.Values.Where(compaction => compaction.ThreadId == thread.ThreadId).Select(compaction => (compaction.MarkerItemId, compaction.CompactionId)),
                ignoreOrder: true);
        }
    }

    [Fact]
    public void A_message_with_an_image_to_which_an_incremental_request_goes_back_is_not_lost()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
        const string Answer = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a cat"}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{Image}}]}""").Respond("i1", $$"""{"output_items":[{{Answer}}]}""", "r1")
            .Request("i2", $$"""{"input":[{{Image}},{{Answer}}]}""")
            .Request("i3", """{"input":[],"previous_response_id":"r1"}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root])).ShouldBe(["what is this?", "a cat"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_a_thread_each_request_stands_behind_what_it_showed_and_before_what_it_answered(string name)
    {
        var rollout = Open(name);
        foreach (var thread in rollout.Graph.Threads.Values)
        {
            var transcript = Transcript.OfThread(rollout, thread);

            transcript.Requests.Select(request => request.InferenceCallId).ShouldBe(rollout.Index.RequestsOfThread(thread.ThreadId).Select(request => request.InferenceCallId));
            transcript.Requests.Select(request => request.EntriesBefore).ShouldBeInOrder();
            foreach (var request in transcript.Requests)
            {
                var call = rollout.Graph.InferenceCalls[request.InferenceCallId];
                request.StartedAtUnixMs.ShouldBe(call.Execution.StartedAtUnixMs);
                var before = Ids(transcript).Take(request.EntriesBefore).ToHashSet();
                call.RequestItemIds.Where(id => ReferenceEquals(rollout.Index.FirstRequestWith(id), call) && Ids(transcript).Contains(id)).ShouldAllBe(id => before.Contains(id));
                call.ResponseItemIds.Where(id => rollout.Graph.ConversationItems[id].ProducedBy is [InferenceProducer by] && by.InferenceCallId == call.InferenceCallId).ShouldAllBe(id => !before.Contains(id));
            }
        }
    }

    [Fact]
    public void A_request_is_marked_with_its_time_also_where_nothing_was_answered()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"input":"hi"}""").Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = "503" })
            .Request("i2", """{"input":"hi"}""").Respond("i2", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ho"}]}]}""")
            .Request("i3", """{"input":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"output_text","text":"ho"}]},{"role":"user","content":"more"}]}""");
        var rollout = OpenRollout.Open(bundle.Open(), new OpenRolloutOptions { Time = new ManualTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_000_100)) });

        var transcript = Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root]);

        Texts(transcript).ShouldBe(["hi", "ho", "more"]);
        transcript.Requests.Select(request => (request.InferenceCallId, request.EntriesBefore, request.Status)).ShouldBe([
            ("i1", 1, "failed"), ("i2", 1, "completed"), ("i3", 3, "running")]);
        transcript.Requests[0].StartedAtUnixMs.ShouldBe(1770000000002);

        bundle.Append(new RolloutEndedEvent { Status = RolloutStatus.Failed });
        var over = OpenRollout.Open(bundle.Open());
        Transcript.OfThread(over, over.Graph.Threads[TestBundle.Root]).Requests[^1].Status.ShouldBe("unfinished", "nothing goes on when the rollout is over");
    }

    [Fact]
    public void Every_call_and_its_output_has_the_name_of_the_tool()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"messages":[{"role":"user","content":"hi"}]}""")
            .Respond("i1", """{"id":"r1","choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]}}]}""", "r1")
            .Request("i2", """{"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"seen"}]}""")
            .Respond("i2", """{"id":"r2","content":[{"type":"tool_use","id":"c2","name":"go","input":{}}],"role":"assistant","type":"message","stop_reason":"tool_use"}""", "r2")
            .Request("i3", """{"contents":[{"role":"user","parts":[{"text":"again"}]},{"role":"model","parts":[{"functionCall":{"name":"stay","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"stay","response":{"result":1}}}]}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root]).Entries.Select(entry => entry.ToolName).ShouldBe([null, "look", "look", "go", null, "stay", "stay"]);
    }

    [Fact]
    public void A_users_message_with_an_image_stands_once_and_a_refusal_has_its_words()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
        const string Refusal = """{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I must not say."}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{Image}}]}""").Respond("i1", $$"""{"output_items":[{{Refusal}}]}""", "r1")
            .Request("i2", $$"""{"input":[{{Image}},{{Refusal}},{"role":"user","content":"please"}]}""")
            .Respond("i2", """{"id":"c","choices":[{"message":{"role":"assistant","content":null,"refusal":"No."}}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root])).ShouldBe(["what is this?", "I must not say.", "please", "No."]);
    }

    [Fact]
    public void At_a_compactions_request_it_is_its_exact_input_with_the_ids_of_what_the_thread_has()
    {
        using var bundle = Compacted();
        var rollout = OpenRollout.Open(bundle.Open());
        var request = rollout.Graph.CompactionRequests["cr1"];

        var transcript = Transcript.At(rollout, request);

        transcript.CompactionRequestId.ShouldBe("cr1");
        transcript.Given!.Instructions.ShouldBe("Sum up.");
        Texts(transcript).ShouldBe(["hi", "ho", "Summarise."]);
        Ids(transcript).ShouldBe(["conversation_item:1", "conversation_item:2", ""]);
        Texts(Transcript.NewAt(rollout, request)).ShouldBe(["Summarise."]);
        var context = RolloutContext.Origins(rollout, request);
        context.Sum(origin => origin.Bytes).ShouldBe("Sum up.hihoSummarise.".Length);
        context.Sum(origin => origin.Tokens)!.Value.ShouldBeInRange(48, 52, "rounded, each by itself");
    }

    [Fact]
    public void At_a_compactions_request_that_continues_a_response_the_history_stands_before()
    {
        using var bundle = Compacted("""{"previous_response_id":"r1","input":[{"role":"user","content":"Summarise."}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.At(rollout, rollout.Graph.CompactionRequests["cr1"])).ShouldBe(["hi", "ho", "Summarise."]);
    }

    // A question, an answer, and both made one summary.
    private static TestBundle Compacted(string? request = null)
    {
        const string Said = """{"role":"user","content":"hi"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ho"}]}""";
        var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"input":"hi"}""")
            .Respond("i1", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"ho"}]}],"token_usage":{"input_tokens":40,"cached_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0,"total_tokens":41}}""", "r1");
        bundle.Append(new CompactionRequestStartedEvent
        {
            CompactionId = "k1",
            CompactionRequestId = "cr1",
            ThreadId = TestBundle.Root,
            CodexTurnId = TestBundle.Turn,
            Model = "m",
            ProviderName = "p",
            RequestPayload = bundle.Payload(PayloadKind.CompactionRequest, request ?? $$"""{"instructions":"Sum up.","input":[{{Said}},{"role":"user","content":"Summarise."}]}"""),
        });
        bundle.Append(new CompactionRequestCompletedEvent
        {
            CompactionId = "k1",
            CompactionRequestId = "cr1",
            ResponsePayload = bundle.Payload(PayloadKind.CompactionResponse, """{"output_items":[],"token_usage":{"input_tokens":50,"cached_input_tokens":0,"output_tokens":9,"reasoning_output_tokens":0,"total_tokens":59}}"""),
        });
        return bundle;
    }

    private static string WithoutPayload(string text) => Regex.Replace(text, "raw_payload:[0-9]+", "", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static OpenRollout Open(string name) => OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));

    private static IEnumerable<string> Ids(Transcript transcript) => transcript.Entries.Select(entry => entry.Item.ItemId);

    [Fact]
    public void A_message_with_an_image_stands_once_in_a_thread_and_in_each_request_that_sent_it()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
        const string Answer = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a cat"}]}""";
        const string More = """{"type":"message","role":"user","content":[{"type":"input_text","text":"and this?"},{"type":"input_image","image_url":"data:"}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{Image}}]}""").Respond("i1", $$"""{"output_items":[{{Answer}}]}""")
            .Request("i2", $$"""{"input":[{{Image}},{{Answer}},{{More}}]}""")
            .Request("i3", "no list")
            .Request("i4", $$"""{"input":[{{Image}},{{Answer}},{{More}},{{Image}}]}""");
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root])).ShouldBe(["what is this?", "a cat", "and this?", "what is this?"]);
        Texts(Transcript.At(rollout, rollout.Graph.InferenceCalls["i2"])).ShouldBe(["what is this?", "a cat", "and this?"]);
        Texts(Transcript.At(rollout, rollout.Graph.InferenceCalls["i4"])).ShouldBe(["what is this?", "a cat", "and this?", "what is this?"]);
        RolloutSearch.Find(rollout, new Regex("and this", RegexOptions.None, TimeSpan.FromSeconds(5))).Count().ShouldBe(1);
    }

    [Fact]
    public void A_message_with_an_image_stands_once_where_a_compaction_took_the_history_that_it_is_in()
    {
        const string Image = """{"type":"message","role":"user","content":[{"type":"input_text","text":"what is this?"},{"type":"input_image","image_url":"data:"}]}""";
        const string Answer = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a cat"}]}""";
        const string Other = """{"type":"message","role":"user","content":[{"type":"input_text","text":"seen by none"},{"type":"input_image","image_url":"data:"}]}""";
        const string Summary = """{"type":"message","role":"user","content":[{"type":"input_text","text":"a cat was seen"}]}""";
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", $$"""{"input":[{{Image}}]}""").Respond("i1", $$"""{"output_items":[{{Answer}}]}""")
            .Request("i2", $$"""{"input":[{{Image}},{{Answer}},{{Image}}]}""");
        bundle.Append(new CompactionInstalledEvent
        {
            CompactionId = "k1",
            CheckpointPayload = bundle.Payload(PayloadKind.CompactionCheckpoint, $$"""{"input_history":[{{Image}},{{Answer}},{{Image}},{{Other}},{{Image}}],"replacement_history":[{{Summary}}]}"""),
        });
        var rollout = OpenRollout.Open(bundle.Open());

        Texts(Transcript.OfThread(rollout, rollout.Graph.Threads[TestBundle.Root]))
            .ShouldBe(["what is this?", "a cat", "what is this?", "seen by none", "what is this?", "", "a cat was seen"]);
    }

    private static IEnumerable<string> Texts(Transcript transcript) => transcript.Entries.Select(entry => entry.Text.Split('\n')[0]);
}
