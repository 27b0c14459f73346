using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using RolloutTrace.Recorder;

namespace RolloutTrace.CrashTarget;

/// <summary>Hears what the recorder counts and reports, and says it: "counted NAME VALUE" and "reported NAME ARGUMENTS".</summary>
internal sealed class Reports : EventListener
{
    private readonly MeterListener meters = new();
    private readonly ConcurrentDictionary<string, ManualResetEventSlim> heard = new();
    private readonly Dictionary<string, double> totals = [];

    public Reports()
    {
        meters.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == RolloutTracingMeter.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => totals[instrument.Name] = totals.GetValueOrDefault(instrument.Name) + value);
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => totals[instrument.Name] = totals.GetValueOrDefault(instrument.Name) + value);
        meters.Start();
    }

    public void Say()
    {
        totals.Clear();
        meters.RecordObservableInstruments();
        foreach (var (name, value) in totals)
        {
            Console.WriteLine($"counted {name} {value}");
        }
    }

    /// <summary>Waits until the recorder has reported something of this name.</summary>
    /// <returns>False if it has not in time.</returns>
    public bool Hears(string name, TimeSpan limit) => Heard(name).Wait(limit);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "OpenTelemetry-RolloutTrace-Recorder")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        Console.WriteLine($"reported {eventData.EventName} {string.Join(' ', eventData.Payload ?? new([]))}");
        Heard(eventData.EventName!).Set();
    }

    private ManualResetEventSlim Heard(string name) => heard.GetOrAdd(name, static _ => new ManualResetEventSlim());
}
