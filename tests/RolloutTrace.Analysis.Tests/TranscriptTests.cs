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
        var index = Index(name);
        foreach (var request in index.Graph.InferenceCalls.Values)
        {
            Ids(Transcript.At(index, request)).ShouldBe(request.RequestItemIds);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void New_at_a_request_is_what_the_one_before_it_in_the_thread_did_not_have(string name)
    {
        var index = Index(name);
        foreach (var ofThread in index.Graph.InferenceCalls.Values.GroupBy(call => call.ThreadId))
        {
            IReadOnlyCollection<string> before = [];
            foreach (var request in ofThread.OrderBy(call => call.Execution.StartedSeq))
            {
                var added = Ids(Transcript.NewAt(index, request));
                var byId = request.RequestItemIds.Where(id => !before.Contains(id)).ToList();
                added.ShouldBe(byId.Where(added.Contains));
                byId.Except(added).ShouldAllBe(id => index.Graph.ConversationItems[id].Body.Parts.Any(part => part is PayloadReferencePart), "an image that is sent again is not new");
                before = [.. request.RequestItemIds];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_a_thread_it_is_the_conversation_and_each_marker_names_its_compaction(string name)
    {
        var index = Index(name);
        foreach (var thread in index.Graph.Threads.Values)
        {
            var transcript = Transcript.OfThread(index, thread);

            Ids(transcript).ShouldBe(thread.ConversationItemIds);
            transcript.Entries.Where(entry => entry.CompactionId is not null).Select(entry => (entry.Item.ItemId, entry.CompactionId!)).ShouldBe(
                index.Graph.Compactions.Values.Where(compaction => compaction.ThreadId == thread.ThreadId).Select(compaction => (compaction.MarkerItemId, compaction.CompactionId)),
                ignoreOrder: true);
        }
    }

    private static RolloutIndex Index(string name) => new(RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Graph);

    private static IEnumerable<string> Ids(Transcript transcript) => transcript.Entries.Select(entry => entry.Item.ItemId);
}
