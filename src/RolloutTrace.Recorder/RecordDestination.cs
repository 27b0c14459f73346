namespace RolloutTrace.Recorder;

/// <summary>Where rollouts are recorded to.</summary>
public enum RecordDestination
{
    /// <summary>Bundles below the bundle root.</summary>
    Disk,

    /// <summary>OTLP log records, and nothing on disk. What a Collector's file exporter writes of them, <c>rollout-trace import</c> makes bundles of.</summary>
    Otlp,

    /// <summary>Both. A receiver that does not answer costs what is sent, and nothing on disk.</summary>
    DiskAndOtlp,
}
