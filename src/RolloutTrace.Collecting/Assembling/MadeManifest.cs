using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>A manifest for a bundle of which none came.</summary>
internal static class MadeManifest
{
    private const string Prefix = "trace-";
    private const int UuidLength = 36;

    /// <summary>Makes it from what events say, and where they say nothing from the bundle's name.</summary>
    public static BundleManifest Of(string bundle, RawEvent? start, RawEvent? lowest)
    {
        var (traceId, rootThreadId) = start?.Payload is RolloutStartedEvent started ? (started.TraceId, started.RootThreadId) : OfName(bundle);
        return new BundleManifest
        {
            TraceId = traceId,
            RootThreadId = rootThreadId,
            RolloutId = (start ?? lowest)?.RolloutId ?? rootThreadId,
            StartedAtUnixMs = (start ?? lowest)?.WallTimeUnixMs ?? 0,
        };
    }

    private static (string TraceId, string RootThreadId) OfName(string bundle) =>
        bundle.StartsWith(Prefix, StringComparison.Ordinal) && bundle.Length > Prefix.Length + UuidLength + 1 && bundle[Prefix.Length + UuidLength] == '-'
            ? (bundle.Substring(Prefix.Length, UuidLength), bundle[(Prefix.Length + UuidLength + 1)..])
            : (bundle, bundle);
}
