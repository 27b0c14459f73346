using RolloutTrace.Bundle;
using RolloutTrace.Diagnostics;

namespace RolloutTrace.Callers;

/// <summary>Finds out what a session goes on from.</summary>
internal static class ResumedSession
{
    /// <summary>The options of a session that goes on from a bundle, or in a thread.</summary>
    public static AgentSessionOptions Of(string bundleOrId, in AgentSessionOptions options)
    {
        if (string.IsNullOrEmpty(bundleOrId) || (!Directory.Exists(bundleOrId) && !File.Exists(bundleOrId)))
        {
            return options with { ThreadId = bundleOrId };
        }

        try
        {
            var directory = Path.GetFileName(bundleOrId) == BundleLayout.ManifestFileName ? Path.GetDirectoryName(Path.GetFullPath(bundleOrId))! : bundleOrId;
            var manifest = BundleReader.Open(directory).Manifest;
            return options with { ThreadId = manifest.RootThreadId, RolloutId = manifest.RolloutId, ResumedFrom = manifest.TraceId };
        }
        catch (BundleException e)
        {
            RolloutTraceEventSource.Log.NothingToResume(bundleOrId, e.Message);
            return options;
        }
    }
}
