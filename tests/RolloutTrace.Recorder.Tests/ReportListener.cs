using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace RolloutTrace.Recorder.Tests;

/// <summary>Hears what recorders report, all of the process's.</summary>
internal sealed class ReportListener : EventListener
{
    // Assigned before the base class's constructor runs, which calls back already.
    private readonly ConcurrentQueue<(string Name, string Text)> reports = new();

    /// <summary>The reports of one kind, each as its arguments in one line.</summary>
    public IEnumerable<string> Of(string name) => reports.Where(r => r.Name == name).Select(r => r.Text);

    public IEnumerable<string> All => reports.Select(r => r.Text);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "OpenTelemetry-RolloutTrace-Recorder")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        reports.Enqueue((eventData.EventName!, string.Join(' ', eventData.Payload ?? new([]))));
}
