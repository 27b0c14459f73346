using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class ModelRequestTests
{
    private const string Request = """{"model":"gpt-5","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}]}""";
    private const string Output = """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}]""";

    [Fact]
    public void Requests_that_complete_fail_and_are_given_up()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-1" }).Complete(
            "response-1",
            new TokenUsage(InputTokens: 100, OutputTokens: 20, CachedInputTokens: 60, CacheWriteInputTokens: 5, ReasoningOutputTokens: 7),
            JsonPayload.OfJson(Output),
            new() { UpstreamRequestId = "upstream-1", ResponseModel = "gpt-5-2026", FinishReasons = ["stop"] });
        turn.StartModelRequest(null, JsonPayload.OfJson(Request), new() { RequestId = "request-2", PreviousResponseId = "response-1", ProviderName = "azure" }).Complete("response-2", null, default);
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-3" }).Fail("503 try later", "503");
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-4" }).Fail(new HttpRequestException("reset"), JsonPayload.OfJson(Output), new() { UpstreamRequestId = "upstream-4" });
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-5" }).Cancel("user pressed escape", JsonPayload.OfJson(Output));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-6" }).Cancel("no answer");
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-7" }).Dispose();
        turn.Complete();

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void Samplers_see_operation_provider_model_and_conversation()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Dispose();

        traced.SeenBySampler.Last().Name.ShouldBe("chat gpt-5");
        traced.SeenBySampler.Last().Attributes.ShouldBe(
            [
                RolloutAttributes.Id,
                RolloutAttributes.Thread.Id,
                RolloutAttributes.Turn.Id,
                RolloutAttributes.GenAI.ConversationId,
                RolloutAttributes.GenAI.OperationName,
                RolloutAttributes.GenAI.AgentName,
                RolloutAttributes.GenAI.ProviderName,
                RolloutAttributes.GenAI.RequestModel,
                RolloutAttributes.Inference.Id,
            ]);
    }

    [Fact]
    public void The_first_terminal_call_counts()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request));

        request.Cancel("first");
        request.Complete("response", new TokenUsage(1, 1), JsonPayload.OfJson(Output));
        request.Fail("late");
        request.Dispose();

        traced.Recording.Single<InferenceCancelledEvent>().Reason.ShouldBe("first");
        traced.Recording.EventTypes.ShouldNotContain("inference_completed");
        traced.Recording.EventTypes.ShouldNotContain("inference_failed");
        request.Activity!.GetTagItem(RolloutAttributes.Status).ShouldBe("cancelled");
        request.Activity.GetTagItem(RolloutAttributes.GenAI.UsageInputTokens).ShouldBeNull();
    }

    [Fact]
    public void Of_many_terminal_calls_at_once_one_counts()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request));

        Parallel.For(0, 64, i =>
        {
            if (i % 2 == 0)
            {
                request.Complete($"response-{i}", null, JsonPayload.OfJson(Output));
            }
            else
            {
                request.Fail($"error {i}");
            }
        });

        traced.Recording.EventTypes.Count(t => t is "inference_completed" or "inference_failed").ShouldBe(1);
    }

    [Fact]
    public void Reasons_on_spans_are_cut()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request));
        var reason = new string('x', 255) + "😀" + new string('y', 10_000);

        request.Cancel(reason);

        request.Activity!.GetTagItem(RolloutAttributes.Cancel.Reason).ShouldBe(new string('x', 255) + "...");
        traced.Recording.Single<InferenceCancelledEvent>().Reason.ShouldBe(reason);
    }

    [Fact]
    public void A_request_is_a_child_of_its_turn_whatever_is_current()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var unrelated = new Activity("unrelated").Start();

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request));

        request.Activity!.ParentSpanId.ShouldBe(turn.Activity!.SpanId);
        Activity.Current.ShouldBeSameAs(request.Activity);
        request.Dispose();
        Activity.Current.ShouldBeSameAs(unrelated);
    }
}
