namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class PayloadOf200MegabytesOfObjects : IFaultScenario
{
    public string Name => "payload-200mb-objects";

    public string Promise => "an object of 260 MB for a tool call and a compaction: a marker, and no more is made than `MaxPayloadBytes` for each";

    public FaultOutcome Run() => LargePayload.Give("object");
}
