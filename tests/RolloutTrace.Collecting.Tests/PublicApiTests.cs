namespace RolloutTrace.Collecting.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Collecting_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(BundleAssembly).Assembly));
}
