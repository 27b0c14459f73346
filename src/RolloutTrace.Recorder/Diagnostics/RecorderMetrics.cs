using System.Diagnostics.Metrics;
using RolloutTrace.Recorder.Queue;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Shows one recorder's totals as instruments of the meter <see cref="RolloutTracingMeter.Name"/>.</summary>
internal sealed class RecorderMetrics : IDisposable
{
    private static readonly StopCause[] Causes = [.. Enum.GetValues<StopCause>().Where(static c => c != StopCause.None)];

    private static readonly PayloadProblem[] Problems =
        [.. Enum.GetValues<PayloadProblem>().Where(static p => p is not PayloadProblem.None and not PayloadProblem.NoRoom)];

    private readonly Meter meter;
    private readonly KeyValuePair<string, object?> recorder;

    public RecorderMetrics(string recorderName, RecorderCounters counters, RecordQueue queue, ByteBudget budget)
    {
        recorder = new("rollout.recorder.name", recorderName);
        meter = new Meter(RolloutTracingMeter.Name, typeof(RecorderMetrics).Assembly.GetName().Version!.ToString(3));

        Total("rollout.recorder.events.recorded", "{event}", "Events that were handed over and have their place in a bundle.", () => queue.Added);
        Total("rollout.recorder.bytes.recorded", "By", "Bytes of payloads that were handed over.", () => counters.BytesRecorded);
        Total("rollout.recorder.events.written", "{event}", "Events that are on disk.", () => counters.EventsWritten);
        Total("rollout.recorder.events.sent", "{event}", "Events that a receiver has taken as log records.", () => counters.EventsSent);
        Total("rollout.recorder.events.not_sent", "{event}", "Events of batches that no receiver has taken, or that there was no room for.", () => counters.EventsNotSent);
        Total("rollout.recorder.events.removed", "{event}", "Events that were on disk until somebody else took them away; each is also counted as not recorded.", () => counters.EventsRemoved);
        Total("rollout.recorder.rollouts.refused", "{rollout}", "Rollouts that have no bundle, since they started during an overload.", () => counters.RolloutsRefused);
        Total("rollout.recorder.spans.not_read", "{span}", "Spans of other libraries that were not read, since more came than could be recorded.", () => counters.SpansGivenUp);
        Total("rollout.recorder.payloads.mended", "{payload}", "Payloads with halves of surrogate pairs, in the place of which they have U+FFFD.", () => counters.PayloadsMended);
        Total("rollout.recorder.bytes.written", "By", "Bytes of event lines and payload files on disk.", () => counters.BytesWritten);
        Total("rollout.recorder.caller.wait", "s", "Time that callers were kept waiting for room in the queue, taken together.", () => budget.WaitedMilliseconds / 1000.0);

        ByWord("rollout.recorder.events.not_recorded", "{event}", "Events that happened and are in no bundle, by cause.", "rollout.recorder.cause", Causes, StopCauses.Name, counters.EventsNotRecorded);
        ByWord("rollout.recorder.bundles.stopped", "{bundle}", "Bundles that take no more events, by cause.", "rollout.recorder.cause", Causes, StopCauses.Name, counters.BundlesStopped);
        ByWord("rollout.recorder.payloads.replaced", "{payload}", "Payloads that a marker stands for, by problem.", "rollout.recorder.problem", Problems, PayloadProblems.Name, counters.PayloadsReplaced);

        Level("rollout.recorder.bundles.open", "{bundle}", "Bundles that are being recorded.", () => counters.BundlesOpen);
        Level("rollout.recorder.queue.size", "By", "Memory in use for what waits to be written.", () => budget.Used);
        meter.CreateObservableGauge(
            "rollout.recorder.writer.lag",
            () => new Measurement<double>(queue.Lag.TotalSeconds, recorder),
            "s",
            "Age of the oldest event that is not on disk yet.");
    }

    public void Dispose() => meter.Dispose();

    private void Total<T>(string name, string unit, string description, Func<T> read)
        where T : struct => meter.CreateObservableCounter(name, () => new Measurement<T>(read(), recorder), unit, description);

    private void Level(string name, string unit, string description, Func<long> read) =>
        meter.CreateObservableUpDownCounter(name, () => new Measurement<long>(read(), recorder), unit, description);

    private void ByWord<T>(string name, string unit, string description, string tag, T[] keys, Func<T, string> word, Func<T, long> read) =>
        meter.CreateObservableCounter(
            name,
            () => keys.Select(key => new Measurement<long>(read(key), recorder, new KeyValuePair<string, object?>(tag, word(key)))),
            unit,
            description);
}
