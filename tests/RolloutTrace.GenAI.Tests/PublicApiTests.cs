using RolloutTrace.TestSupport;

namespace RolloutTrace.GenAI.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_GenAI_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(ForeignSpan).Assembly));
}
