using RolloutTrace.TestSupport;

namespace RolloutTrace.Agents.AI.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Agents_AI_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(Microsoft.Agents.AI.RolloutTracingAIAgentBuilderExtensions).Assembly));
}
