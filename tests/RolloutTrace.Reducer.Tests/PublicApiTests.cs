using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Reducer_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutReducer).Assembly));
}
