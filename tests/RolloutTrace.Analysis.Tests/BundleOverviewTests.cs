using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public sealed class BundleOverviewTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_770_000_100_000);

    /// <summary>The cases without defects: there a full reduction is what an overview must agree with.</summary>
    public static TheoryData<string> SoundCases =>
        [.. ConformanceCase.Names.Where(name => RolloutReducer.Reduce(ConformanceCase.Named(name).Bundle).Diagnostics.Count == 0)];

    [Theory]
    [MemberData(nameof(SoundCases))]
    public void An_overview_says_what_a_reduction_says(string name)
    {
        var bundle = BundleReader.Open(ConformanceCase.Named(name).Bundle);
        var graph = RolloutReducer.Reduce(bundle).Graph;
        var requests = graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).ToList();

        var overview = BundleOverview.Read(bundle, Now);

        overview.Turns.ShouldBe(graph.CodexTurns.Count);
        overview.Requests.ShouldBe(graph.InferenceCalls.Count);
        overview.ToolCalls.ShouldBe(graph.ToolCalls.Count);
        overview.Agents.Count.ShouldBe(graph.Threads.Count);
        overview.Models.ShouldBe(requests.Select(call => call.Model).Distinct());
        overview.Usage?.InputTokens.ShouldBe(requests.Sum(call => call.Usage?.InputTokens ?? 0));
        overview.Usage?.OutputTokens.ShouldBe(requests.Sum(call => call.Usage?.OutputTokens ?? 0));
        (overview.Usage is null).ShouldBe(requests.TrueForAll(call => call.Usage is null));
        if (graph.Status != RolloutStatus.Running)
        {
            KindName.Of(overview.Status).ShouldBe(WireName.Of(graph.Status));
            overview.LastEventAtUnixMs.ShouldBe(graph.EndedAtUnixMs);
        }
    }

    [Theory]
    [InlineData("""{"response_id":"r","token_usage":{"input_tokens":7,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":3},"output_items":[""")]
    [InlineData("""{"output_items":[],"token_usage":{"input_tokens":7,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":3},"more":[""")]
    public void Tokens_are_found_at_the_beginning_of_a_long_response(string head)
    {
        using var bundle = Responding($"{head}\"{new string('x', 5000)}\"]}}");

        BundleOverview.Read(bundle.Open(), Now).Usage!.InputTokens.ShouldBe(7);
    }

    [Fact]
    public void Tokens_are_found_behind_long_output_too()
    {
        using var bundle = Responding($$"""{"output_items":["{{new string('x', 5000)}}"],"token_usage":{"input_tokens":7,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":3} }""");

        BundleOverview.Read(bundle.Open(), Now).Usage!.InputTokens.ShouldBe(7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"token_usage":{"input_tokens":7}}""")]
    [InlineData("""{"token_usage":7,"output_items":[]}""")]
    public void A_response_that_tells_no_tokens_adds_none(string response)
    {
        using var bundle = Responding(response);

        BundleOverview.Read(bundle.Open(), Now).Usage.ShouldBeNull();
    }

    [Fact]
    public void Tokens_that_nobody_asks_for_are_not_looked_for()
    {
        using var bundle = Responding("""{"token_usage":{"input_tokens":7,"cached_input_tokens":1,"output_tokens":2,"reasoning_output_tokens":3},"output_items":[]}""");

        BundleOverview.Read(bundle.Open(), Now, withUsage: false).Usage.ShouldBeNull();
    }

    private static TestBundle Responding(string response)
    {
        var bundle = new TestBundle().WithTurn().Request("i1", """{"input":[]}""");
        bundle.Append(new InferenceCompletedEvent { InferenceCallId = "i1", ResponsePayload = bundle.Payload(PayloadKind.InferenceResponse, response) });
        return bundle;
    }
}
