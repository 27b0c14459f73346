using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder;

/// <summary>Identity of a bundle that is being recorded: the same object for all records of one recording.</summary>
public sealed class RolloutBundle
{
    internal RolloutBundle(string name, BundleManifest manifest, BundleRecording recording)
    {
        Name = name;
        Manifest = manifest;
        Recording = recording;
    }

    /// <summary>Name of the bundle's directory.</summary>
    public string Name { get; }

    /// <summary>The bundle's manifest.</summary>
    public BundleManifest Manifest { get; }

    internal BundleRecording Recording { get; }

    /// <summary>Whether there may be an earlier bundle of the same thread, which nobody has named.</summary>
    internal bool MayBeResumed { get; init; }

    /// <summary>The name under which it is sent; null until it is. The sender's own.</summary>
    internal string? SentName { get; set; }

    /// <summary>Whether its manifest was sent. The sender's own.</summary>
    internal bool IsManifestSent { get; set; }

    /// <summary>The bundle exporter's own, touched by it alone; kept here it lives as long as the recording does.</summary>
    internal Export.OpenBundle? Open { get; set; }
}
