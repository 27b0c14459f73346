using System.Diagnostics.Tracing;
using System.Reflection;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Tests;

public class RecorderEventSourceTests
{
    [Fact]
    public void The_manifest_is_sound() =>
        EventSource.GenerateManifest(typeof(RecorderEventSource), assemblyPathToIncludeInManifest: null, EventManifestOptions.Strict).ShouldNotBeNull();

    [Fact]
    public void OpenTelemetrys_self_diagnostics_show_it() =>
        EventSource.GetName(typeof(RecorderEventSource)).ShouldStartWith("OpenTelemetry-");

    [Fact]
    public void Event_ids_count_from_one_and_are_the_ones_that_are_written()
    {
        using var listener = new IdListener();
        var methods = typeof(RecorderEventSource).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
        methods.Select(m => m.GetCustomAttribute<EventAttribute>()!.EventId).Order().ShouldBe(Enumerable.Range(1, methods.Length));
        foreach (var method in methods)
        {
            var marker = Guid.NewGuid().ToString();
            var arguments = method.GetParameters().Select(p => p.ParameterType == typeof(string) ? marker : (object)long.MaxValue).ToArray();

            method.Invoke(RecorderEventSource.Log, arguments);

            listener.Written.ShouldContain(e => e.EventId == method.GetCustomAttribute<EventAttribute>()!.EventId && e.Payload!.SequenceEqual(arguments));
        }
    }

    private sealed class IdListener : EventListener
    {
        private readonly List<EventWrittenEventArgs> written = [];

        public EventWrittenEventArgs[] Written
        {
            get
            {
                lock (written)
                {
                    return [.. written];
                }
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == RecorderEventSource.EventSourceName)
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            lock (written)
            {
                written.Add(eventData);
            }
        }
    }
}
