using RolloutTrace.Diagnostics;

namespace RolloutTrace.Content;

/// <summary>Whether spans are to hold content, by the environment variable that OpenTelemetry's instrumentations have in common.</summary>
internal static class ContentSwitch
{
    public const string EnvironmentVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    private static string? told;

    /// <param name="value">The variable's value; null if it is not set.</param>
    public static bool IsOn(string? value)
    {
        switch (value?.Trim().ToUpperInvariant())
        {
            case "TRUE" or "1" or "SPAN_ONLY" or "SPAN_AND_EVENT":
                return true;
            case null or "" or "FALSE" or "0" or "NO_CONTENT" or "EVENT_ONLY":
                return false;
            default:
                // Every session reads it; once is enough.
                if (Interlocked.Exchange(ref told, value) != value)
                {
                    RolloutTraceEventSource.Log.UnknownContentSwitch(value!);
                }

                return false;
        }
    }
}
