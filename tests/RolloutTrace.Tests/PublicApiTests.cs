using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void RolloutTrace_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutTracing).Assembly));
}
