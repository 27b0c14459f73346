using RolloutTrace.TestSupport;

namespace RolloutTrace.Viewer.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Viewer_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutPage).Assembly));
}
