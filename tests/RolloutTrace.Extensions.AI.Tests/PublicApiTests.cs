using RolloutTrace.TestSupport;

namespace RolloutTrace.Extensions.AI.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Extensions_AI_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(ConversationTurn).Assembly));
}
