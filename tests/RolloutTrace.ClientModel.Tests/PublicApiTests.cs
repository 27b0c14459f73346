namespace RolloutTrace.ClientModel.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_ClientModel_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutTracingPolicy).Assembly));
}
