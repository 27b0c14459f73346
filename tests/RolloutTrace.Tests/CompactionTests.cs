using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class CompactionTests
{
    [Fact]
    public void A_compaction_that_is_installed_and_one_that_is_given_up()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        var compaction = turn.StartCompaction(new() { Model = "gpt-5-mini", CompactionId = "compaction-1" });
        compaction.StartRequest(JsonPayload.OfJson("""{"input":[1]}"""), new() { RequestId = "attempt-1" }).Fail("503 try later", "503");
        compaction.StartRequest(JsonPayload.OfJson("""{"input":[1]}"""), new() { RequestId = "attempt-2" }).Cancel("too slow");
        compaction.StartRequest(JsonPayload.OfJson("""{"input":[1]}"""), new() { RequestId = "attempt-3" }).Complete(
            "response-1", new TokenUsage(100, 20), JsonPayload.OfJson("""[{"type":"message"}]"""), new() { UpstreamRequestId = "upstream-1" });
        compaction.Install(inputHistory: JsonPayload.OfJson("""[{"a":[1,2]},{"b":{}},3]"""), replacementHistory: JsonPayload.OfJson("""[{"c":1}]"""));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""), new() { RequestId = "request-1" }).Complete("response-2", null, JsonPayload.OfJson("[]"));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""), new() { RequestId = "request-2" }).Complete("response-3", null, JsonPayload.OfJson("[]"));
        var failed = turn.StartCompaction(new() { CompactionId = "compaction-2" });
        failed.StartRequest(JsonPayload.OfJson("""{"input":[1]}"""), new() { RequestId = "attempt-4" }).Dispose();
        failed.Fail(new InvalidOperationException("nothing to summarise"));
        turn.StartCompaction(new() { CompactionId = "compaction-3" }).Cancel();
        turn.StartCompaction(new() { CompactionId = "compaction-4" }).Dispose();
        turn.Complete();

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void A_compaction_of_one_thread_says_nothing_on_another_threads_request()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();
        using var child = session.SpawnAgent("worker");
        using var childTurn = child.StartTurn();
        turn.StartCompaction().Install(JsonPayload.OfJson("[]"), JsonPayload.OfJson("[]"));

        var other = childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""));
        var own = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""));

        other.Activity!.GetTagItem(RolloutAttributes.GenAI.ConversationCompacted).ShouldBeNull();
        own.Activity!.GetTagItem(RolloutAttributes.GenAI.ConversationCompacted).ShouldBe(true);
    }

    [Fact]
    public void Attempts_of_requests_and_of_compactions_end_in_the_same_way()
    {
        using var traced = new TracedRollout(records: false);
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true });
        using var compaction = turn.StartCompaction();
        ModelAttempt[] attempts = [turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")), compaction.StartRequest(JsonPayload.OfJson("""{"input":[]}"""))];

        foreach (var attempt in attempts)
        {
            attempt.Fail(
                "the stream broke off",
                "stream",
                JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"half an answer"}]}]"""),
                new() { ResponseModel = "gpt-5-2026" });

            attempt.Activity!.GetTagItem(RolloutAttributes.Error.Type).ShouldBe("stream");
            attempt.Activity.GetTagItem(RolloutAttributes.GenAI.ResponseModel).ShouldBe("gpt-5-2026");
            attempt.Activity.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBeOfType<string>().ShouldContain("half an answer");
        }
    }
}
