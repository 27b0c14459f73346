namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class PayloadOf200MegabytesOfBytes : IFaultScenario
{
    public string Name => "payload-200mb-bytes";

    public string Promise => "200 MB of bytes for a tool call and a compaction: a marker, and no more is made than `MaxPayloadBytes` for each";

    public FaultOutcome Run() => LargePayload.Give("bytes");
}
