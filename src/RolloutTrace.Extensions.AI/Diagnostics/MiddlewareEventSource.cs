using System.Diagnostics.Tracing;

namespace RolloutTrace.Extensions.AI.Diagnostics;

/// <summary>What goes wrong in the middleware itself. The name's beginning makes OpenTelemetry's self-diagnostics show it. No event has content.</summary>
[EventSource(Name = SourceName)]
internal sealed class MiddlewareEventSource : EventSource
{
    public const string SourceName = "OpenTelemetry-RolloutTrace-Extensions-AI";

    public static readonly MiddlewareEventSource Log = new();

    private MiddlewareEventSource()
    {
    }

    [Event(1, Level = EventLevel.Error, Message = "Tracing failed in {0} by {1}; the program was not harmed.")]
    public void Contained(string where, string exceptionType) => WriteEvent(1, where, exceptionType);
}
