namespace RolloutTrace.Fleet.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Fleet_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutWorker).Assembly));
}
