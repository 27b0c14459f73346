namespace RolloutTrace.Joining.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Joining_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutJoiner).Assembly));
}
