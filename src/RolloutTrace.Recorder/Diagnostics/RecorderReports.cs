using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>
/// What a user should know and would not look for: once a process each, to whoever listens to the event source, and to the log of the
/// program where it has one.
/// </summary>
/// <param name="logger">The program's log; null if it has none.</param>
/// <param name="content">Whether missing content has been reported; the process's own if it is null.</param>
internal sealed class RecorderReports(ILogger? logger, ReportedOnce? content = null)
{
    private const int MostSources = 16;
    private const int MostFound = 1024;

    private static readonly Action<ILogger, string, Exception?> LogContentIsMissing = LoggerMessage.Define<string>(
        LogLevel.Warning,
        new EventId(1, nameof(ContentIsMissing)),
        "Rollouts are recorded without content: the spans of {Source} have no messages. To record what models saw and gave, switch content on at the source: "
        + "EnableSensitiveData in UseOpenTelemetry(...), or OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true. "
        + "With GenAISpans.KeepContentOnSpans = false it goes into the bundles on the local disk and is exported to nobody.");

    private static readonly Action<ILogger, string, string, Exception?> LogNothingRecorded = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new EventId(2, nameof(NothingRecorded)),
        "No rollout was recorded. Spans of models, agents and tools were looked for in the provider's sources and in: {Patterns}. Seen instead: {Sources}. "
        + "Instrument the chat client or the agent (UseOpenTelemetry), or name its source in AddSource(...) or GenAISpans.Sources.");

    private static readonly Action<ILogger, long, long, string, Exception?> LogEventsLost = LoggerMessage.Define<long, long, string>(
        LogLevel.Warning,
        new EventId(3, nameof(EventsLost)),
        "{Events} events of {Rollouts} rollouts are in no bundle ({Causes}). Bundles that lack some say so: 'rollout-trace list' shows which. "
        + "Where the end of the program leaves too little time (shut_down), ExitTimeout and DrainTimeout of AddRolloutTracing(...) give more.");

    private readonly ConcurrentDictionary<string, bool> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> others = new(StringComparer.Ordinal);

    /// <summary>A source has emitted a span.</summary>
    public void SawSource(string name)
    {
        // To count takes every lock of the table, and this is asked for each span.
        if (!sources.ContainsKey(name) && sources.Count < MostSources)
        {
            sources.TryAdd(name, true);
        }
    }

    /// <summary>The process has a source that is not looked for; a provider may have it all the same. The runtime's own are not meant.</summary>
    public void FoundSource(string name)
    {
        if (name.Length > 0 && !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Experimental.System.", StringComparison.Ordinal) && others.Count < MostFound)
        {
            others.TryAdd(name, true);
        }
    }

    /// <summary>A request was recorded of which nothing that was said is known.</summary>
    public void ContentIsMissing(string source)
    {
        if ((content ?? ReportedOnce.InProcess).TryTake())
        {
            RecorderEventSource.Log.ContentIsMissing(source);
            if (logger is not null)
            {
                LogContentIsMissing(logger, source, null);
            }
        }
    }

    /// <summary>The recorder ends, and not all is on disk that was to be recorded.</summary>
    public void EventsLost(long events, long rollouts, string causes)
    {
        RecorderEventSource.Log.EventsLost(events, rollouts, causes);
        if (logger is not null)
        {
            LogEventsLost(logger, events, rollouts, causes, null);
        }
    }

    /// <summary>The program ends, and there was nothing to record.</summary>
    public void NothingRecorded(string patterns)
    {
        var seen = sources.IsEmpty ? "no spans at all" : string.Join(", ", sources.Keys.Order(StringComparer.Ordinal));
        var silent = others.Keys.Where(name => !sources.ContainsKey(name)).Order(StringComparer.Ordinal).Take(MostSources).ToList();
        seen += silent.Count == 0 ? "" : $"; no span was seen of the program's sources {string.Join(", ", silent)}";
        RecorderEventSource.Log.NothingRecorded(patterns, seen);
        if (logger is not null)
        {
            LogNothingRecorded(logger, patterns, seen, null);
        }
    }
}
