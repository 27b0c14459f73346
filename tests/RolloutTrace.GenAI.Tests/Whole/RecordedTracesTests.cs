using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.TestSupport;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>What the spans of real frameworks become, from end to end.</summary>
public sealed class RecordedTracesTests
{
    [Theory]
    [InlineData("extensions-ai-chat-completions")]
    [InlineData("extensions-ai-responses")]
    [InlineData("extensions-ai-content-off")]
    [InlineData("agent-framework")]
    public void A_recorded_trace_becomes_these_rollouts(string name)
    {
        using var bundles = new MappedBundles(RecordedSpans.Read($"{name}.json"));

        Snapshot.Match(bundles.Story, part: name);
    }
}
