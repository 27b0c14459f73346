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

            Ids(transcript).ShouldBe(thread.ConversationItemIds);
            transcript.Entries.Where(entry => entry.CompactionId is not null).Select(entry => (entry.Item.ItemId, entry.CompactionId!)).ShouldBe(
                rollout.Graph.Compactions.Values.Where(compaction => compaction.ThreadId == thread.ThreadId).Select(compaction => (compaction.MarkerItemId, compaction.CompactionId)),
                ignoreOrder: true);
        }
    }

    private static OpenRollout Open(string name) => OpenRollout.Open(BundleReader.Open(ConformanceCase.Named(name).Bundle));

    private static IEnumerable<string> Ids(Transcript transcript) => transcript.Entries.Select(entry => entry.Item.ItemId);
}
