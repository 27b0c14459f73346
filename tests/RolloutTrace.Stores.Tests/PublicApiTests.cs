namespace RolloutTrace.Stores.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Stores_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutStore).Assembly));
}
