namespace RolloutTrace.Replay.Tests;

public class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Replay_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(ReplayChatClient).Assembly));
}
