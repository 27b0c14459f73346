namespace RolloutTrace.Packing.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Packing_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(BundlePacker).Assembly));
}
