namespace RolloutTrace.Receiver.Tests;

/// <summary>A test that wants a NATS server: skipped, with the reason, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NatsFactAttribute : FactAttribute
{
    public NatsFactAttribute() => Skip = NatsServer.Program is null ? "no nats-server on this machine" : null;
}
