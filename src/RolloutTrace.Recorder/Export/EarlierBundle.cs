using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Export;

/// <summary>Finds the bundle that a session goes on from, where the program gave the thread's id again and nothing else.</summary>
internal static class EarlierBundle
{
    /// <summary>The trace id of the latest bundle of the thread; null if there is none, or none can be read.</summary>
    /// <param name="root">The directory of the bundles.</param>
    /// <param name="bundle">The one that is about to be created.</param>
    /// <param name="storage">Reads those that are not plain.</param>
    public static string? Find(string root, RolloutBundle bundle, BundleStorage storage)
    {
        try
        {
            var before = bundle.Name.IndexOf(bundle.Manifest.TraceId, StringComparison.Ordinal);
            if (before < 0 || !Directory.Exists(root))
            {
                return null;
            }

            // Trace ids of version 7 are in the order of time.
            var (start, end) = (bundle.Name[..before], bundle.Name[(before + bundle.Manifest.TraceId.Length)..]);
            return Directory.EnumerateDirectories(root, $"{start}*{end}")
                .Concat(Directory.EnumerateFiles(root, $"{start}*{end}{BundleLayout.PackedExtension}"))
                .Order(StringComparer.Ordinal)
                .Reverse()
                .Select(path => Read(path, bundle, storage))
                .FirstOrDefault(static traceId => traceId is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Names may be cut, so the manifest says whose it is.
    private static string? Read(string path, RolloutBundle bundle, BundleStorage storage)
    {
        try
        {
            return storage.ReadManifest(path) is { } manifest
                && manifest.RootThreadId == bundle.Manifest.RootThreadId && manifest.RolloutId == bundle.Manifest.RolloutId && manifest.TraceId != bundle.Manifest.TraceId
                ? manifest.TraceId
                : null;
        }
        catch (BundleException)
        {
            return null;
        }
    }
}
