using RolloutTrace.TestSupport;

namespace RolloutTrace.Analysis.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Analysis_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutIndex).Assembly));
}
