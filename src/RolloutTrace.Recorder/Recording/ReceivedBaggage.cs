using OpenTelemetry;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// The caller's ids in the baggage of OpenTelemetry. Instrumentation may have put them there when a request came in, and would send them
/// on to whomever this process calls, who would take that caller for its own.
/// </summary>
internal static class ReceivedBaggage
{
    private const string Key = "rollout.caller";

    /// <summary>Takes the ids out. The span of the request has them still.</summary>
    public static void Forget()
    {
        if (Baggage.GetBaggage(Key) is not null)
        {
            Baggage.RemoveBaggage(Key);
        }
    }
}
