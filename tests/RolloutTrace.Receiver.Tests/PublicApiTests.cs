namespace RolloutTrace.Receiver.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void RolloutTrace_Receiver_approved_public_API() => Snapshot.Match(PublicApi.Of(typeof(RolloutReceiver).Assembly));
}
