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

    private static IEnumerable<string> Texts(Transcript transcript) => transcript.Entries.Select(entry => entry.Text.Split('\n')[0]);
}
