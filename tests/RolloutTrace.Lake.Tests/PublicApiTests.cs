namespace RolloutTrace.Lake.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Lake_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutLake).Assembly));
}
