using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Tests.Storage;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.Processes;

/// <summary>A process that is killed while a call runs of which nothing tells but a span that has not ended.</summary>
public class LongCallTests
{
    [Fact]
    public void Killed_while_a_call_runs_the_bundle_says_what_it_was_waiting_for()
    {
        using var target = new TargetProcess("calling", below: MemoryDirectory.Path);
        target.WaitUntilSaid("calling");
        SpinWait.SpinUntil(() => target.Bundles.Any(HasCall), TimeSpan.FromMinutes(2)).ShouldBeTrue("the call is not in the bundle while it runs");

        target.Kill();
        target.WaitForExit();

        using var bundle = RecordedBundle.Open(target.Bundles.ShouldHaveSingleItem());
        var graph = bundle.Check();
        var request = graph.InferenceCalls.Values.ShouldHaveSingleItem();
        var call = graph.ToolCalls.Values.ShouldHaveSingleItem();
        call.Execution.Status.ShouldBe(ExecutionStatus.Running);
        call.ModelVisibleCallId.ShouldBe("call-1");
        call.ModelVisibleCallItemIds.ShouldBe(request.ResponseItemIds);
        System.Text.Encoding.UTF8.GetString(Payload(bundle, graph, call.RawInvocationPayloadId)).ShouldContain("""{\"target\":\"all\"}""");
        graph.ConversationItems[request.RequestItemIds.ShouldHaveSingleItem()].Body.Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("Build it.");
        graph.CodexTurns.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.Status.ShouldBe(RolloutStatus.Running);
    }

    private static bool HasCall(string path)
    {
        if (!BundleReader.IsBundle(path))
        {
            return false;
        }

        using var bundle = RecordedBundle.Open(path);
        return bundle.Events.Any(static recorded => recorded.Payload is ToolCallStartedEvent);
    }

    private static byte[] Payload(RecordedBundle bundle, RolloutGraph graph, string? id)
    {
        using var bytes = bundle.Reader.ReadPayload(graph.RawPayloads[id.ShouldNotBeNull()]);
        return bytes.Memory.ToArray();
    }
}
