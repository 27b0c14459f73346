
namespace RolloutTrace.Recorder.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Recorder_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutTracingOptions).Assembly));
}
