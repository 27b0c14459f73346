namespace RolloutTrace.Benchmarks.Faults.Scenarios;

internal sealed class EndlessPayload : IFaultScenario
{
    public string Name => "payload-endless";

    public string Promise => "an enumerable without end for a tool call and a compaction: a marker, and no more is made than `MaxPayloadBytes` for each";

    public FaultOutcome Run() => LargePayload.Give("endless");
}
