using System.Diagnostics;

namespace RolloutTrace.Callers;

/// <summary>
/// Who started this process, by the variables TRACEPARENT, TRACESTATE and BAGGAGE. They are read once and taken out of the
/// environment, so that programs which this one starts do not take its caller for theirs. Safe for concurrent use.
/// </summary>
internal static class ProcessCaller
{
    private const string TraceParent = "TRACEPARENT";
    private const string TraceState = "TRACESTATE";
    private const string Baggage = "BAGGAGE";

    private static readonly Lock Gate = new();
    private static RolloutCaller? caller;

    /// <summary>Reads the variables, if they are there.</summary>
    public static void Read()
    {
        lock (Gate)
        {
            var (traceParent, baggage) = (Environment.GetEnvironmentVariable(TraceParent), Environment.GetEnvironmentVariable(Baggage));
            if (Carrier.Of(traceParent, Environment.GetEnvironmentVariable(TraceState), baggage) is not { } read)
            {
                return;
            }

            caller ??= read;
            Environment.SetEnvironmentVariable(TraceParent, null);
            Environment.SetEnvironmentVariable(TraceState, null);
            Environment.SetEnvironmentVariable(Baggage, CallerBaggage.Without(baggage) is { Length: > 0 } rest ? rest : null);
        }
    }

    /// <summary>The caller, for the first who asks.</summary>
    public static RolloutCaller? Take() => caller is null ? null : Interlocked.Exchange(ref caller, null);

    /// <summary>Puts a span's context, and its ids, into the environment of a process that is about to be started.</summary>
    public static void Write(Activity span, string? ids, ProcessStartInfo process)
    {
        var environment = process.Environment;
        environment[TraceParent] = span.Id;
        Set(TraceState, span.TraceStateString);
        Set(Baggage, ids is null ? environment.TryGetValue(Baggage, out var given) ? CallerBaggage.Without(given) : null
            : CallerBaggage.With(environment.TryGetValue(Baggage, out var baggage) ? baggage : null, ids));

        void Set(string name, string? value)
        {
            if (string.IsNullOrEmpty(value))
            {
                environment.Remove(name);
            }
            else
            {
                environment[name] = value;
            }
        }
    }
}
