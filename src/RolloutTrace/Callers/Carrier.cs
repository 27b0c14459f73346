using System.Diagnostics;
using RolloutTrace.Diagnostics;

namespace RolloutTrace.Callers;

/// <summary>What travels from a caller to whom it calls: trace context by the propagator that is configured, and beside it the caller's ids.</summary>
internal static class Carrier
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>Writes as far as it goes: what the carrier throws stays here, and so do propagators' own failures.</summary>
    public static void TryInject<TCarrier>(Activity span, string? caller, TCarrier carrier, Action<TCarrier, string, string> setter)
    {
        try
        {
            Inject(span, caller, carrier, setter);
        }
        catch (Exception e)
        {
            RolloutTraceEventSource.Log.CarrierFailed(e.GetType().FullName ?? e.GetType().Name);
        }
    }

    /// <summary>Reads who is named in a carrier; null where nobody is, and where it throws.</summary>
    public static RolloutCaller? TryExtract<TCarrier>(TCarrier carrier, Func<TCarrier, string, string?> getter)
    {
        try
        {
            return Extract(carrier, getter);
        }
        catch (Exception e)
        {
            RolloutTraceEventSource.Log.CarrierFailed(e.GetType().FullName ?? e.GetType().Name);
            return null;
        }
    }

    /// <summary>Writes a span's context, and <c>rollout.caller</c> if it is given.</summary>
    private static void Inject<TCarrier>(Activity span, string? caller, TCarrier carrier, Action<TCarrier, string, string> setter)
    {
        var fields = new List<(string Name, string Value)>();
        DistributedContextPropagator.Current.Inject(span, fields, static (list, name, value) => ((List<(string, string)>)list!).Add((name, value)));
        string? baggage = null;
        foreach (var (name, value) in fields)
        {
            if (caller is not null && string.Equals(name, CallerBaggage.Field, StringComparison.OrdinalIgnoreCase))
            {
                baggage = value;
            }
            else
            {
                setter(carrier, name, value);
            }
        }

        if (caller is not null && CallerBaggage.With(baggage, caller) is { Length: > 0 } all)
        {
            setter(carrier, CallerBaggage.Field, all);
        }
    }

    /// <summary>Who is named in a carrier; null if nobody is.</summary>
    private static RolloutCaller? Extract<TCarrier>(TCarrier carrier, Func<TCarrier, string, string?> getter)
    {
        void Get(object? state, string name, out string? value, out IEnumerable<string>? values)
        {
            value = getter(carrier, name);
            values = null;
        }

        var propagator = DistributedContextPropagator.Current;
        propagator.ExtractTraceIdAndState(carrier: null, Get, out var traceParent, out var traceState);
        return Of(traceParent ?? getter(carrier, TraceParent), traceState ?? getter(carrier, TraceState), getter(carrier, CallerBaggage.Field));
    }

    /// <summary>Who is named by the fields of W3C trace context and baggage; null if nobody is.</summary>
    public static RolloutCaller? Of(string? traceParent, string? traceState, string? baggage)
    {
        var context = ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var parsed) ? parsed : default;
        var ids = CallerBaggage.Parse(CallerBaggage.Find(baggage));
        return context == default && ids is null ? null : new RolloutCaller(context, ids?.RolloutId, ids?.ThreadId, ids?.ToolCallId);
    }
}
