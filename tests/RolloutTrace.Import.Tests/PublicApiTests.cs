using RolloutTrace.TestSupport;

namespace RolloutTrace.Import.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Import_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutImport).Assembly));
}
